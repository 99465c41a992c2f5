import DurableFiles
import Foundation
import Yams

// The only file that imports Yams: it reads YAML, and ValueTree+Text.swift writes it.
extension ValueTree {
  /// Reads YAML; `nil` if the text contains nothing but comments.
  ///
  /// `origin` describes the place of a line number: `{ "small.yaml, line \($0)" }`.
  /// - Throws: `RunError.configuration` if the text is not YAML or has a duplicate key.
  package init?(yaml: String, origin: (_ line: Int) -> String) throws {
    if let line = Self.tooDeepLine(yaml) {
      throw RunError.configuration(
        faults: ["\(origin(line)): nested more than \(Self.greatestDepth) deep. Is this the file?"])
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw RunError.configuration(faults: [Self.describe(error, origin)])
    }
    guard let node else { return nil }
    var budget = 100_000
    self = try Self.convert(node, origin, &budget)
  }

  /// The largest allowed nesting depth of lists and groups; configurations need much less.
  static let greatestDepth = 100

  /// The first line that may be nested deeper than that, judged by its brackets and its first
  /// characters. Yams is recursive, and a few thousand levels would overflow the stack.
  private static func tooDeepLine(_ yaml: String) -> Int? {
    var (line, brackets, opening) = (1, 0, 0)
    var begins = true
    for byte in yaml.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): (line, opening, begins) = (line + 1, 0, true)
      case UInt8(ascii: "["), UInt8(ascii: "{"): (brackets, begins) = (brackets + 1, false)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
      case UInt8(ascii: "#") where begins: (opening, begins) = (0, false)
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "\t"):
        if begins { opening += 1 }
      default: begins = false
      }
      if brackets > greatestDepth || opening > 2 * greatestDepth { return line }
    }
    return nil
  }

  /// `budget` limits the size to which a few lines of nested aliases can expand.
  private static func convert(
    _ node: Node, _ origin: (Int) -> String, _ budget: inout Int
  ) throws -> ValueTree {
    let place = origin(node.mark?.line ?? 1)
    budget -= 1
    guard budget > 0 else {
      throw RunError.configuration(faults: ["\(place): more than 100000 values. Is this the file?"])
    }
    let content: Content
    switch node {
    case .scalar(let scalar):
      content =
        scalar.style == .plain || scalar.style == .any
        ? .plain(scalar.string) : .text(scalar.string)
    case .sequence(let sequence):
      content = .list(try sequence.map { try convert($0, origin, &budget) })
    case .mapping(let mapping):
      content = .mapping(
        try mapping.map { key, value in
          let keyPlace = origin(key.mark?.line ?? 1)
          guard case .scalar(let name) = key else {
            throw RunError.configuration(faults: ["\(keyPlace): a key must be a word."])
          }
          return Entry(
            key: name.string, keyOrigin: keyPlace, value: try convert(value, origin, &budget))
        })
    case .alias:
      throw RunError.configuration(faults: ["\(place): an alias that names no anchor."])
    }
    return ValueTree(content: content, origin: place)
  }

  private static func describe(_ error: YamlError, _ origin: (Int) -> String) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "\(origin(mark.line)): not YAML (\(problem)). Check indentation, colons and quotes."
    case .duplicatedKeysInMapping(let duplicates, let context):
      "\(origin(context.mark.line)): given twice: \(duplicates.joined(separator: ", "))."
    default:
      // The rest of the message quotes the file.
      "\(origin(1)): not YAML (\("\(error)".prefix { !$0.isNewline }))."
    }
  }
}
