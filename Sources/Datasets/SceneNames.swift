import DurableFiles
import Foundation

/// Makes unique scene names that are safe as file names.
public enum SceneNames {
  /// One name per path: the file's name without extension. If names are equal (MintPy's files are
  /// all `velocity.h5`), the folder's name is put in front, then numbers are appended.
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

  /// Keeps letters, digits, `.`, `_` and `-`, but no leading dot, which would hide the file.
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
