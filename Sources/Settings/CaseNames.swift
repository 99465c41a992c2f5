/// The raw values of enums whose cases can be listed.
enum CaseNames {
  /// `nil` for any other type.
  static func of<T>(_ type: T.Type) -> [String]? {
    func names<C: CaseIterable>(_ type: C.Type) -> [String]? {
      let raw = C.allCases.compactMap { ($0 as? any RawRepresentable).map { "\($0.rawValue)" } }
      return raw.isEmpty ? nil : raw
    }
    return (type as? any CaseIterable.Type).flatMap { names($0) }
  }
}
