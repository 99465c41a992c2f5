import Foundation

/// The page and its files, from `Page/`.
enum StudioPage {
  /// The page loads nothing from elsewhere, and no other page may show it in a frame.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// The scripts in order of their dependencies, as one function.
  private static let script =
    "(() => {\n"
    + [
      PackageResources.elements_js, PackageResources.planes_js, PackageResources.controls_js,
      PackageResources.panels_js, PackageResources.favorites_js, PackageResources.main_js,
    ].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n") + "\n})();\n"

  /// The file at a path; `nil` if there is none.
  static func file(_ path: String) -> (type: String, content: Data)? {
    switch path {
    case "/": ("text/html; charset=utf-8", Data(PackageResources.index_html))
    case "/studio.css": ("text/css; charset=utf-8", Data(PackageResources.studio_css))
    case "/studio.js": ("text/javascript; charset=utf-8", Data(script.utf8))
    default: nil
    }
  }
}
