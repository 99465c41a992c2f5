import Foundation

/// A Codable value as a tree that keeps the order of its keys and the origin of each part.
///
/// Scalars stay text until a type is requested, so `version: 1.10` can be read as a string, and
/// `no` as a country code instead of a Boolean.
package struct ValueTree: Sendable, Equatable {
  indirect enum Content: Sendable, Equatable {
    /// An unquoted scalar: a number, a Boolean, null, or a word. The requested type decides.
    case plain(String)
    /// A string that is quoted in its source.
    case text(String)
    case list([ValueTree])
    case mapping([Entry])
  }
  struct Entry: Sendable, Equatable {
    var key: String
    var keyOrigin: String
    var value: ValueTree
    /// What the key means, in one line; only where a template is made.
    var description: String?
  }

  var content: Content
  /// The place where it was read, for messages: `small.yaml, line 12`, or `--set training.batch=8`.
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

  /// Merges `other` into this tree: groups of keys are merged, anything else is replaced, a
  /// distribution as a whole.
  mutating func merge(_ other: ValueTree) {
    guard var mine = entries, let theirs = other.entries, !Distribution.isMeant(by: self),
      !Distribution.isMeant(by: other)
    else {
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

  /// This tree with the values of `other` in their places.
  func overlaid(with other: ValueTree) -> ValueTree {
    var result = self
    result.merge(other)
    return result
  }

  /// This tree over `defaults`, also the options of choices among groups of keys.
  func completed(by defaults: ValueTree) -> ValueTree {
    guard let entries, let others = defaults.entries else { return self }
    var result = self
    if Distribution.isMeant(by: self) {
      result.content = .mapping(
        entries.map { entry in
          guard let options = entry.value.elements, entry.key == "choice" else { return entry }
          var entry = entry
          entry.value.content = .list(options.map { $0.completed(by: defaults) })
          return entry
        })
      return result
    }
    var all = others
    for entry in entries {
      if let index = all.firstIndex(where: { $0.key == entry.key }) {
        all[index].value = entry.value.completed(by: all[index].value)
      } else {
        all.append(entry)
      }
    }
    result.content = .mapping(all)
    return result
  }

  /// A short description for messages.
  var summary: String {
    switch content {
    case .plain(let word): isNull ? "nothing" : "'\(word)'"
    case .text(let string): "the text \"\(string)\""
    case .list: "a list"
    case .mapping: "a group of keys"
    }
  }
}
