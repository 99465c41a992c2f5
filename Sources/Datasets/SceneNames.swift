import DurableFiles
import Foundation

/// Names for scenes: from their files, safe as file names, each once.
public enum SceneNames {
  /// One name for each path: the file's name without its extension; where files share it (MintPy
  /// calls them all `velocity.h5`), their folder's name goes before, then numbers go behind.
  public static func unique(for paths: [String]) -> [String] {
    let stems = paths.map { safe(FilePath.withoutExtension(FilePath.name($0))) }
    let shared = Dictionary(grouping: stems) { $0.lowercased() }.filter { $0.value.count > 1 }
    var names: [String] = []
    var taken: Set<String> = []
    for (path, stem) in zip(paths, stems) {
      var name = stem
      if shared[stem.lowercased()] != nil {
        let folder = FilePath.name(FilePath.folder(path))
        if !folder.isEmpty, folder != ".", folder != ".." { name = "\(safe(folder))-\(stem)" }
      }
      var candidate = name
      var number = 1
      while !taken.insert(candidate.lowercased()).inserted {
        number += 1
        candidate = "\(name)-\(number)"
      }
      names.append(candidate)
    }
    return names
  }

  /// Letters, digits, `.`, `_` and `-` stay; a leading dot would hide the file.
  private static func safe(_ text: String) -> String {
    let kept = String(
      text.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || "._-".contains(character) ? character : "_"
      })
    let visible = kept.drop { $0 == "." }
    return visible.isEmpty ? "scene" : String(visible)
  }
}
