import Patches
import Pictures

/// Checks whether the samples of a set differ, which is not so for a collapsed model or a damaged
/// file.
struct Sameness {
  private let name: String
  private let count: Int
  private let constantCount: Int
  private let areEqual: Bool

  init(_ set: EvaluationSet) {
    self.init(name: set.name, set.patches)
  }

  init(_ images: ImageSet) {
    let size = images.bytesPerImage
    self.init(
      name: images.name, (0..<images.count).map { images.pixels[$0 * size..<($0 + 1) * size] })
  }

  private init<Samples: Collection>(name: String, _ samples: [Samples])
  where Samples.Element: Equatable {
    self.name = name
    count = samples.count
    constantCount = samples.count { sample in sample.allSatisfy { $0 == sample.first } }
    areEqual = samples.allSatisfy { $0.elementsEqual(samples[0]) }
  }

  /// Why the set cannot be used as a reference, or `nil`.
  var ofAll: String? {
    if areEqual { return "all its \(count) samples are the same" }
    return constantCount == count ? "every sample is constant, one value throughout" : nil
  }

  /// A warning for the reader, or `nil`.
  var warning: String? {
    if areEqual {
      return
        "all \(count) samples of \(name) are the same: a model that has collapsed, or a damaged "
        + "file."
    }
    return constantCount == 0
      ? nil : "\(constantCount) of \(count) samples of \(name) are constant, one value throughout."
  }
}
