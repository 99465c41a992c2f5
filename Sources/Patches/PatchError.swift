import Kernel

/// Errors thrown by the patch loader and the reader of patch sets; every message ends with what to do next.
package enum PatchError: Error, Equatable, CustomStringConvertible {
  case invalidConfiguration(faults: [String])
  case invalidOption(OptionName, value: String, remedy: String)
  case unusableSet(path: String, problem: String, remedy: String)
  case noSceneFits(windowPixels: Int, largestScene: String, width: Int, height: Int)
  case everyPatchRejected(counts: RejectionCounts, where: String, remedy: String)
  case nothingToInterpolateFrom(width: Int, height: Int)

  package var description: String {
    switch self {
    case .invalidConfiguration(let faults):
      "the patch loader's configuration has \(faults.count == 1 ? "a fault" : "faults"):\n  "
        + faults.joined(separator: "\n  ")
    case .invalidOption(let option, let value, let remedy):
      "\(option) \(value): \(remedy)"
    case .unusableSet(let path, let problem, let remedy):
      "\(path): \(problem). \(remedy)".printable
    case .noSceneFits(let window, let scene, let width, let height):
      "no scene is large enough for windows of \(window)x\(window) pixels; the largest is \(scene) "
        + "with \(width)x\(height). Train on smaller patches, or prepare the dataset with "
        + "\(OptionName.minimumSize("\(window)"))."
    case .everyPatchRejected(let counts, let place, let remedy):
      "every patch is rejected \(place): of \(counts.tried) windows \(counts.noData) had too "
        + "much no data, \(counts.filter) failed the conditional filter"
        + (counts.sceneTooSmall > 0 ? ", \(counts.sceneTooSmall) were larger than the scene" : "")
        + ". \(remedy)"
    case .nothingToInterpolateFrom(let width, let height):
      "cannot fill the holes of a \(width)x\(height) patch without any data. Lower "
        + "data.maximumNoDataShare."
    }
  }
}
