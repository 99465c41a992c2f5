extension DecodingError {
  /// What is wrong with a JSON file, and where in it, as part of a sentence: "'sets[2].name' is
  /// missing".
  package var fault: String {
    switch self {
    case .keyNotFound(let key, let context):
      return "'\(Self.path(context.codingPath + [key]))' is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(Self.place(context)) is not \(Self.kind(type))"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is not JSON" : "\(Self.place(context)): \(context.debugDescription)"
    @unknown default:
      return "\(self)"
    }
  }

  private static func place(_ context: Context) -> String {
    context.codingPath.isEmpty ? "it" : "'\(path(context.codingPath))'"
  }

  /// "sets[2].name"
  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
  }

  private static func kind(_ type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is String.Type: "text"
    case is Bool.Type: "true or false"
    default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
    }
  }
}
