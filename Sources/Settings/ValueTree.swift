import Foundation

/// A Codable value as a tree that keeps the order of its keys, and says where each part came from.
///
/// Scalars stay text until a type is asked for, so `version: 1.10` is a string where a string is
/// wanted and `no` is not a Boolean where a country is.
package struct ValueTree: Sendable, Equatable {
  indirect enum Content: Sendable, Equatable {
    /// A number, a Boolean, null, or a word whose type its reader decides.
    case plain(String)
    /// A string, quoted in its source.
    case text(String)
    case list([ValueTree])
    case mapping([Entry])
  }
  struct Entry: Sendable, Equatable {
    var key: String
    var keyOrigin: String
    var value: ValueTree
  }

  var content: Content
  /// Where it was read, for messages: `small.yaml, line 12`, or `--set training.batch=8`.
  var origin = ""

  var isNull: Bool {
    if case .plain(let word) = content {
      ["null", "Null", "NULL", "~", ""].contains(word)
    } else {
      false
    }
  }

  var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
  var elements: [ValueTree]? { if case .list(let elements) = content { elements } else { nil } }

  subscript(key: String) -> ValueTree? { entries?.first { $0.key == key }?.value }

  /// Lays `other` over this tree: groups of keys are merged, anything else is replaced.
  mutating func merge(_ other: ValueTree) {
    guard var mine = entries, let theirs = other.entries else {
      self = other
      return
    }
    for entry in theirs {
      if let index = mine.firstIndex(where: { $0.key == entry.key }) {
        mine[index].value.merge(entry.value)
        mine[index].keyOrigin = entry.keyOrigin
      } else {
        mine.append(entry)
      }
    }
    content = .mapping(mine)
  }

  /// What it is, for messages.
  var summary: String {
    switch content {
    case .plain(let word): isNull ? "nothing" : "'\(word)'"
    case .text(let string): "the text \"\(string)\""
    case .list: "a list"
    case .mapping: "a group of keys"
    }
  }
}
