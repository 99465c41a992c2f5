import Foundation

/// Every file below a folder, by its relative path.
public func tree(_ folder: String) throws -> [String: Data] {
  var result: [String: Data] = [:]
  let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
  for name in names {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
    if exists && !isFolder.boolValue {
      result[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
  }
  return result
}
