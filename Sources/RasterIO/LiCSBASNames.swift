import DurableFiles
import Foundation
import Rasters

/// Finds the parameter files of LiCSBAS results.
enum LiCSBASFolder {
  static let parameterNames = ["EQA.dem_par", "13parameters.txt"]

  /// The paths at which the parameter file `name` of the result `path` may exist: beside it, in
  /// `info/`, in the `info/` beside its folder, or one folder up; first with its plain name, then
  /// with the name of a frame in front (`087A_05678_131313_EQA.dem_par`), that of the result before
  /// others.
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
        // If there are files of several frames, none of them is known to belong to the result.
        return (own.isEmpty && framed.count == 1 ? framed : own).sorted { $0.count > $1.count }
          .map { FilePath.sibling(path, place + $0) }
      }
  }
}

/// The quantity that the name of a file in a LiCSBAS results folder means.
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

  /// `nil` for a name that is not one of LiCSBAS's; the name of a frame may precede it
  /// (`087A_..._vel.mskd`, `087A_....vel.mskd`).
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
