/// Finds a dataset inside a container by the name that a user gives.
enum DatasetName {
  /// The index of the dataset that `wanted` names: by its path, with or without a leading slash, or
  /// by the end of its path if only one path ends like that; `nil` for none or several.
  static func index(of wanted: String, in names: [String]) -> Int? {
    let wanted = String(wanted.trimmingPrefix { $0 == "/" })
    if let index = names.firstIndex(of: wanted) { return index }
    let ends = names.indices.filter { names[$0].hasSuffix("/\(wanted)") }
    return ends.count == 1 ? ends[0] : nil
  }
}
