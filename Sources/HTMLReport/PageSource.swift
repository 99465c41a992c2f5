/// The style sheet and the script of the page, from the files in `Page/`.
enum PageSource {
  static let style = text(PackageResources.page_css)

  /// The files in order of their dependencies, as one function.
  static let script =
    "(() => {\n"
    + [
      PackageResources.elements_js, PackageResources.patches_js, PackageResources.table_js,
      PackageResources.scatter_js, PackageResources.explorer_js, PackageResources.plots_js,
      PackageResources.sections_js, PackageResources.main_js,
    ].map(text).joined(separator: "\n") + "\n})();"

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
