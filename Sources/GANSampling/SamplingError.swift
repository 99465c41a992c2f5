import Kernel

/// Errors thrown when maps are generated.
public enum SamplingError: Error, CustomStringConvertible, Equatable {
  case arguments([String])
  /// - isDisbelieved: the file states an implausible one.
  case noGeoreference(path: String, isDisbelieved: Bool)
  case noModel(lookedAt: [String])
  /// The network for learned features is missing.
  case noFeatures(lookedAt: [String])
  /// The model generated a map with NaN or infinite values.
  case notFinite(sample: Int, model: String)
  /// No map of the sample stayed within the greatest rate in cm/yr.
  case rejected(sample: Int, attempts: Int, limit: Double)

  public var description: String {
    switch self {
    case .arguments(let faults): faults.joined(separator: "; ")
    case .noGeoreference(let path, true):
      "\(path) has an implausible georeference (ganinsar info says why): correct it, "
        + "or give \(OptionName.like) another raster"
    case .noGeoreference(let path, false):
      "\(path) has no georeference: give \(OptionName.like) a georeferenced raster"
    case .noModel(let places):
      "no model was given, and there is none at \(places.joined(separator: ", ")): give a run "
        + "folder or its model.safetensors, set \(ShippedModel.variable), or train one (ganinsar train --help)"
    case .noFeatures(let places):
      "the network for learned features is not at \(places.joined(separator: ", ")): install the program whole, "
        + "or train without it (features.weight=0)"
    case .notFinite(let sample, let model):
      "sample \(sample) of \(model) has NaN or infinite values: the model is damaged; "
        + "use an earlier checkpoint, or train again"
    case .rejected(let sample, let attempts, let limit):
      "\(attempts) maps for sample \(sample) all have rates beyond \(limit) cm/yr: allow greater ones, or "
        + "ask for maps of less spread"
    }
  }
}
