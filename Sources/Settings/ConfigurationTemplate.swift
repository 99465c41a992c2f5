/// A configuration as commented YAML: every key with its value, and above it what it means.
package enum ConfigurationTemplate {
  /// YAML that `ConfigurationOverlay.resolve` reads back, keys in the order of their declaration.
  /// - Parameter heading: comment lines at the top, without `#`.
  package static func yaml(of configuration: some Encodable, heading: [String]) throws -> String {
    let tree = try ValueTree(describing: configuration, DescriptionFindings())
    return heading.map { "# \($0)\n" }.joined() + "\n" + tree.commentedYAML()
  }

  /// Keys without a description and descriptions without a key; a test expects none.
  package static func faults(of configuration: some Encodable) throws -> [String] {
    let findings = DescriptionFindings()
    _ = try ValueTree(describing: configuration, findings)
    return findings.faults
  }
}
