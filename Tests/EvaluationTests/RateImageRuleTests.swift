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
