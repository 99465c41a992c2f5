import Patches
import Pictures
import Testing

@testable import Evaluation

struct RateImageRuleTests {
  private func images(_ rates: [Float], limit: Double = 15) -> ImageSet {
    let set = EvaluationSet(
      name: "a", path: "a", kind: .stack, size: 2, patches: [rates],
      origins: [PatchOrigin(label: "item 0")])
    return RateImageRule(limitCMPerYear: limit).images(of: set)
  }

  @Test("the range is symmetric: its ends are black and white, 0 is between 127 and 128")
  func levels() {
    #expect(images([-15, 15, 0, 7.5]).pixels == [0, 255, 128, 191])
    #expect(images([-15, 15, 0, 7.5]).clipShare == 0)
  }

  @Test("what lies beyond is clipped and counted")
  func clip() {
    let image = images([-1e9, 16, 15, .greatestFiniteMagnitude])
    #expect(image.pixels == [0, 255, 255, 255])
    #expect(image.clipShare == 0.75)
  }

  @Test("the checksum goes by shape and pixels, not by name")
  func checksum() {
    var a = images([1, 2, 3, 4])
    let before = a.sha256
    a.name = "b"
    #expect(a.sha256 == before)
    #expect(images([1, 2, 3, 9]).sha256 != before)
  }
}

/// Other quantities than rates.
struct QuantityImageRuleTests {
  @Test("what has no sign goes from black to white")
  func unsigned() {
    let set = EvaluationSet(
      name: "a", path: "a", kind: .stack, size: 2, patches: [[0, 1, 0.5, 0.25]],
      origins: [PatchOrigin(label: "item 0")], quantity: .coherence)
    let images = RateImageRule(.coherence).images(of: set)
    #expect(images.pixels == [0, 255, 128, 64])
    #expect(images.clipShare == 0)
    #expect(RateImageRule(.coherence).lowest == 0 && RateImageRule(.atmosphere).lowest == -3)
    #expect(RateImageRule(.rate) == RateImageRule())
  }

  @Test("settings follow the quantity of the sets")
  func settings() throws {
    var settings = EvaluationSettings()
    #expect(settings.resolved(for: .rate) == settings)
    let found = settings.resolved(for: .coherence)
    #expect(found.image == RateImageRule(.coherence))
    #expect(try found.statistics.histogramLimitCMPerYear == 1)
    settings.limit = 0.8
    #expect(settings.resolved(for: .coherence).image.limitCMPerYear == 0.8)
  }
}
