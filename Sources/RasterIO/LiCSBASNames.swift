import DurableFiles
import Foundation
import Rasters

/// Where LiCSBAS keeps the parameter files of its results.
enum LiCSBASFolder {
  static let parameterNames = ["EQA.dem_par", "13parameters.txt"]

  /// Where the parameter file `name` of the result `path` may lie: beside it, in `info/`, in the
  /// `info/` beside its folder, or one folder up; by its own name first, else by that of a frame
  /// (`087A_05678_131313_EQA.dem_par`), the result's own before another's.
  static func paths(_ name: String, for path: String) -> [String] {
    let result = FilePath.name(path)
    let places = ["", "info/", "../info/", "../"]
    return places.map { FilePath.sibling(path, $0 + name) }
      + places.flatMap { place -> [String] in
        guard LiCSBASQuantity(fileName: result) != nil else { return [] }
        let folder = FilePath.folder(FilePath.sibling(path, place + name))
        let found = (try? FileSystem.names(in: folder)) ?? []
        let framed = found.filter { $0.hasSuffix("_\(name)") || $0.hasSuffix(".\(name)") }
        let own = framed.filter { result.hasPrefix($0.dropLast(name.count + 1)) }
        // Of several frames' files none is known to be the result's.
        return (own.isEmpty && framed.count == 1 ? framed : own).sorted { $0.count > $1.count }
          .map { FilePath.sibling(path, place + $0) }
      }
  }
}

/// What LiCSBAS means by the name of a file in its results folder.
struct LiCSBASQuantity {
  var unit: RasterUnit?
  var words: String
  var losConvention: LOSConvention?

  private static let unitless = [
    "mask", "coh_avg", "n_unw", "n_gap", "n_ifg_noloop", "n_loop_err", "maxTlen", "E", "N", "U",
  ]
  private static let quantities: [(name: String, unit: RasterUnit?)] =
    [
      ("vel", .millimetersPerYear), ("vstd", .millimetersPerYear), ("vintercept", .millimeters),
      ("resid_rms", .millimeters), ("stc", .millimeters), ("hgt", .meters),
    ] + unitless.map { ($0, nil) }

  /// `nil` for a name that is not LiCSBAS's; a frame's may come before it (`087A_..._vel.mskd`,
  /// `087A_....vel.mskd`).
  init?(fileName: String) {
    let parts = fileName.split(separator: ".").map(String.init)
    let found = parts.lazy.compactMap { part in
      Self.quantities.first { part == $0.name || part.hasSuffix("_\($0.name)") }
    }.first
    if let found {
      unit = found.unit
      words =
        found.unit == nil
        ? "no unit of deformation: LiCSBAS's '\(found.name)'"
        : "LiCSBAS's convention for '\(found.name)'"
      losConvention = found.name == "vel" ? .towardSatellite : nil
    } else if fileName.hasSuffix(".unw") {
      unit = .radians
      words = "LiCSBAS's convention for .unw files"
    } else {
      return nil
    }
  }
}
