import Kernel

/// Errors thrown by simulators.
public enum SimulatorError: Error, CustomStringConvertible, Equatable {
  case badSource(kind: String, faults: [String])
  case badGrid(faults: [String])
  case unknownPreset(name: String, known: [String])
  case badJob(faults: [String])
  /// The preset learns from measured maps, and none was given.
  case noTrainingImage(preset: String)
  case notFinite(preset: String, sample: Int)
  /// The heights cannot be used.
  case terrain(name: String, reason: String)

  public var description: String {
    switch self {
    case .badSource(let kind, let faults):
      "a \(kind) source cannot be made: \(faults.joined(separator: "; "))."
    case .badGrid(let faults): "the grid cannot be made: \(faults.joined(separator: "; "))."
    case .unknownPreset(let name, let known):
      "there is no preset \"\(name)\"; use one of \(known.joined(separator: ", "))."
    case .badJob(let faults): "cannot simulate: \(faults.joined(separator: "; "))."
    case .noTrainingImage(let preset):
      "the preset \(preset) learns from measured maps: give some with \(OptionName.trainingImage)."
    case .notFinite(let preset, let sample):
      "sample \(sample) of preset \(preset) has values that are not finite; please report its seed."
    case .terrain(let name, let reason): "the heights of \(name) cannot be used: \(reason)."
    }
  }
}
