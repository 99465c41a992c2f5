/// A group of settings that says what each of its keys means.
///
/// `ganinsar config --template` writes these lines above the keys. A test compares the described keys
/// with the encoded ones, so that neither is without the other.
package protocol DocumentedKeys: Encodable {
  /// One line per key: what it is, its unit and range. The values of an enum with `CaseIterable` are
  /// added by the template.
  static var keyDescriptions: KeyValuePairs<String, String> { get }

  /// Groups whose keys stand beside those of this one.
  static var includedKeys: [any DocumentedKeys.Type] { get }
}

extension DocumentedKeys {
  package static var includedKeys: [any DocumentedKeys.Type] { [] }
}
