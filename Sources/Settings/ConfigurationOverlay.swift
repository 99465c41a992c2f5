import DurableFiles
import Foundation
import Kernel

/// A configuration that can check its values.
public protocol Validatable {
  /// All faults, each one a sentence that starts with the key: `"training.batch must be positive"`.
  func faults() -> [String]
}

/// Builds configurations from defaults, a YAML file and `--set key.path=value`, in this order.
package enum ConfigurationOverlay {
  /// Resolves the configuration, or reports everything that is wrong with it.
  ///
  /// Groups of keys are merged, so a file contains only what it changes; a list replaces the
  /// default list. Values of `--set` are YAML: `--set data.scales=[1, 2]`,
  /// `--set data.holdOut=null`.
  /// - Parameter yamlFile: a path, or the name of a configuration that ships, such as `small`.
  /// - Throws: `RunError.cannotRead` for the file, or `RunError.configuration` with every unknown
  ///   key (and a suggestion), every wrong type and every fault that `C` itself finds, each with
  ///   the file and line, or the `--set`, where it was given.
  package static func resolve<C: Codable & Validatable>(
    defaults: C, yamlFile: String? = nil, sets: [String] = []
  ) throws -> C {
    let (given, readFaults) = try given(yamlFile: yamlFile, sets: sets)
    let (configuration, faults) = decode(
      C.self, given: given, defaults: try ValueTree(encoding: defaults), DecodingFindings(),
      readFaults)
    guard faults.isEmpty, let configuration else { throw RunError.configuration(faults: faults) }
    return configuration
  }

  /// What the file and `--set` say, one over the other, and what is wrong with their form.
  static func given(yamlFile: String?, sets: [String]) throws -> (ValueTree, faults: [String]) {
    var given = ValueTree(content: .mapping([]))
    var faults: [String] = []
    func collect(_ body: () throws -> ValueTree?) throws {
      do {
        if let tree = try body() { given.merge(tree) }
      } catch RunError.configuration(let found) {
        faults += found
      }
    }
    if let yamlFile { try collect { try readFile(yamlFile) } }
    for set in sets { try collect { try readSet(set) } }
    return (given, faults)
  }

  /// The configuration with everything that is wrong with it, after `earlier` faults.
  static func decode<C: Codable & Validatable>(
    _ type: C.Type, given: ValueTree, defaults: ValueTree, _ findings: DecodingFindings,
    _ earlier: [String] = []
  ) -> (C?, faults: [String]) {
    let decoder = ValueTreeDecoder(given: given, fallback: defaults, path: "", findings: findings)
    let configuration = try? decoder.decode(C.self)
    var faults = earlier + findings.faults + UnknownKeys.faults(in: given, findings)
    if faults.isEmpty, let configuration {
      faults = configuration.faults().map { fault in
        origin(of: fault, in: given).map { "\($0): \(fault)" } ?? fault
      }
    }
    return (configuration, faults)
  }

  /// `configuration` as YAML that `resolve` can read, with keys in the order of declaration.
  package static func yaml(of configuration: some Encodable) throws -> String {
    try ValueTree(encoding: configuration).yaml()
  }

  /// The place where the key at the start of a fault was given, or else the group that contains it.
  private static func origin(of fault: String, in tree: ValueTree) -> String? {
    var place: String?
    var tree: ValueTree? = tree
    for key in fault.prefix(while: { $0.isLetter || $0.isNumber || $0 == "." }).split(
      separator: ".")
    {
      guard let entry = tree?.entries?.first(where: { $0.key == key }) else { break }
      place = entry.keyOrigin
      tree = entry.value
    }
    return place
  }

  private static func readFile(_ name: String) throws -> ValueTree? {
    let path = try ShippedConfigurations.path(of: name)
    let data = try InputFile.read(path)
    guard let text = String(data: data, encoding: .utf8) else {
      throw RunError.cannotRead(path: path, reason: "it is not UTF-8 text")
    }
    guard let tree = try ValueTree(yaml: text, origin: { "\(path), line \($0)" }) else {
      return nil
    }
    guard tree.entries != nil else {
      throw RunError.configuration(
        faults: ["\(tree.origin): expected lines of 'key: value', not \(tree.summary)."])
    }
    return tree
  }

  /// `a.b=5` as the tree `{a: {b: 5}}`.
  private static func readSet(_ set: String) throws -> ValueTree {
    let origin = OptionName.set(set.count > 100 ? "\(set.prefix(100))…" : set)
    let parts = set.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let keys = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2, !keys.contains("") else {
      throw RunError.configuration(faults: ["\(origin): expected key.path=value."])
    }
    guard keys.count <= ValueTree.greatestDepth else {
      throw RunError.configuration(
        faults: ["\(origin): \(keys.count) keys in one path; no setting is nested that deeply."])
    }
    let value = try ValueTree(yaml: String(parts[1]), origin: { _ in origin })
    let leaf = value ?? ValueTree(content: .plain(""), origin: origin)
    return keys.reversed().reduce(leaf) { tree, key in
      let entry = ValueTree.Entry(key: key, keyOrigin: origin, value: tree)
      return ValueTree(content: .mapping([entry]), origin: origin)
    }
  }
}

/// JSON text with keys in the order of declaration, for manifests that people read.
package enum OrderedJSON {
  /// Indented JSON that ends with a line feed.
  package static func text(of value: some Encodable) throws -> String {
    try ValueTree(encoding: value).json(pretty: true) + "\n"
  }
}
