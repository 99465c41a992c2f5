import Foundation

/// The JSON file that states what a job's output follows from.
package struct JobDescription: Sendable {
  package var fileName: String
  /// A JSON object.
  package var content: Data
  /// Keys of the outermost object that may differ within one job, such as the program's version.
  package var ignoredKeys: Set<String>

  package init(fileName: String, content: Data, ignoredKeys: Set<String> = []) {
    self.fileName = fileName
    self.content = content
    self.ignoredKeys = ignoredKeys
  }

  /// The keys whose values differ from an earlier description, such as "seed 1 instead of 2", in
  /// alphabetical order; `nil` if the earlier one is not a JSON object. Null equals a missing key.
  package func differences(from earlier: Data) -> [String]? {
    guard let earlier = leaves(earlier), let now = leaves(content) else { return nil }
    return Set(earlier.keys).union(now.keys).sorted().compactMap { key in
      let (old, new) = (earlier[key] ?? "-", now[key] ?? "-")
      guard old != new else { return nil }
      return max(old.count, new.count) > 60 ? key : "\(key) \(old) instead of \(new)"
    }
  }

  /// The values of a JSON object as text, by path; an array is one value.
  private func leaves(_ json: Data) -> [String: String]? {
    guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      return nil
    }
    var found: [String: String] = [:]
    func walk(_ object: [String: Any], _ prefix: String) {
      for (key, value) in object {
        switch value {
        case let inner as [String: Any]: walk(inner, "\(prefix)\(key).")
        case let text as String: found[prefix + key] = text
        case is NSNull: continue
        default: found[prefix + key] = Self.text(value)
        }
      }
    }
    walk(object.filter { !ignoredKeys.contains($0.key) }, "")
    return found
  }

  private static func text(_ value: Any) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
