import DurableFiles
import Foundation
import Kernel
import Rasters

extension RasterReader {
  /// Adds the unit and the sign that a manifest beside the file states, if the file itself does
  /// not.
  static func addSidecar(_ scene: inout RasterScene) {
    let description = scene.description
    scene.description.quantity =
      description.metadata[RasterWriter.quantityKey].flatMap(Quantity.init(rawValue:))
      ?? Sidecar.bases(of: description.path).lazy.compactMap { path in
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        return SidecarManifest.of(folder: folder)?.quantity(ofFile: FilePath.name(path))
      }.first
    let needsUnit =
      scene.raster.unit == nil && !description.unitSource.contains("no unit of deformation")
    let statement = LOSStatement(in: description.metadata)
    if let statement, !description.isLOSStated { scene.description.state(statement) }
    guard needsUnit || !scene.description.isLOSStated else { return }
    // Beside a symbolic link, or else beside its target.
    for base in Sidecar.bases(of: description.path) {
      addSidecar(&scene, besides: base, needsUnit: needsUnit && scene.raster.unit == nil)
    }
  }

  private static func addSidecar(_ scene: inout RasterScene, besides path: String, needsUnit: Bool)
  {
    let name = FilePath.name(path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard let manifest = SidecarManifest.of(folder: folder) else { return }
    let source = manifest.words
    if needsUnit, let unit = manifest.unit(ofFile: name) {
      scene.raster.unit = unit
      scene.description.unitSource = source
    }
    if !scene.description.isLOSStated, scene.raster.unit?.kind != .phase,
      let convention = manifest.losConvention(ofFile: name)
    {
      scene.description.state(LOSStatement(convention, source: source))
    }
  }

  /// Combines the caller's sign convention with that of the file.
  /// - Throws: `RasterError.doesNotFit` if the file itself states the opposite.
  static func settleSign(_ scene: inout RasterScene, options: RasterReadOptions) throws {
    guard let given = options.losConvention, scene.raster.unit?.kind != .phase else { return }
    let description = scene.description
    if let found = description.losConvention {
      if found == given { return }
      guard !description.isLOSStated else {
        throw RasterError.doesNotFit(
          path: description.path,
          reason: "\(OptionName.losSign) says \(given.word), and the file says \(found.rawValue) "
            + "(\(description.losSource))",
          remedy: "Leave \(OptionName.losSign) out for this file, or correct what the file says.")
      }
      scene.description.losOverruled = "\(description.losSource): \(found.rawValue)"
    }
    scene.description.losConvention = given
    scene.description.losSource = "given"
  }
}

extension RasterDescription {
  mutating func state(_ statement: LOSStatement) {
    losConvention = statement.convention
    losSource = statement.source
    isLOSStated = true
  }
}
