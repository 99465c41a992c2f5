import Kernel
import Rasters

/// The meaning of the name of a published GeoTIFF, for files that do not contain their unit.
package struct ProductName {
  var unit: RasterUnit
  var words: String
  var losConvention: LOSConvention?

  /// Endings of phases, the best for unwrapping first.
  package static let licsarPhases = [
    ".geo.diff_unfiltered_pha.tif", ".geo.diff_pha.tif", ".geo.unw.tif",
  ]
  package static let hyp3Phases = ["_wrapped_phase.tif", "_unw_phase.tif"]

  /// `nil` for any other name: nothing is guessed.
  init?(_ fileName: String) {
    // LiCSBAS's GeoTIFFs keep the name of the result: `014A_vel.geo.tif`, `x.vel.mskd.geo.tif`.
    let words = fileName.split { $0 == "." || $0 == "_" }
    if fileName.hasSuffix(".geo.tif"), words.contains("vel") {
      unit = .millimetersPerYear
      losConvention = .towardSatellite
      self.words = "the name: LiCSBAS's vel...geo.tif is in mm/yr (\(OptionName.unit) overrides)"
    } else if Self.licsarPhases.contains(where: fileName.hasSuffix) {
      unit = .radians
      self.words = "the name: LiCSAR's interferograms are in radians (\(OptionName.unit) overrides)"
    } else if Self.hyp3Phases.contains(where: fileName.hasSuffix) {
      unit = .radians
      self.words = "the name: HyP3's interferograms are in radians (\(OptionName.unit) overrides)"
    } else {
      return nil
    }
  }
}

/// The metadata item that states the LOS convention in this project's GeoTIFFs and HDF5 files.
let losConventionKey = "LOS_CONVENTION"
