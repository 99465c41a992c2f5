import DurableFiles
import RasterIO
import Rasters

/// The layout of an interferogram on disk; results are written in the same.
package enum PhaseLayout: Sendable, Equatable {
  case geoTIFF, npy
  /// `NAME` with `NAME.xml` or `NAME.vrt`.
  case isce
  /// `NAME` with `NAME.rsc`.
  case roipac
  /// GAMMA's and other files without header.
  case gamma(ByteOrder, isComplex: Bool)
  /// LiCSAR's `GEOC/PAIR/PAIR.geo.*.tif`, which LiCSBAS reads.
  case licsar
  /// LiCSBAS's `GEOCml1/PAIR/PAIR.unw`.
  case licsbas
  /// Products of ASF HyP3, `PRODUCT/PRODUCT_unw_phase.tif`.
  case hyp3

  /// The layout of a raster, and why it is not that of the file, if it is not.
  init(_ description: RasterDescription, path: String, note: inout String?) {
    let name = FilePath.name(path)
    func other(_ reason: String) -> PhaseLayout {
      note = "\(reason): results are written as GeoTIFF"
      return RasterFormat.tif.isAvailable ? .geoTIFF : .npy
    }
    // A copy of the parameter file describes rows in the order of the input.
    let isTurned =
      ["Y_STEP", "post_lat"].contains { (description.number($0) ?? -1) > 0 }
      || ["X_STEP", "post_lon"].contains { (description.number($0) ?? 1) < 0 }
    switch description.format {
    case "NumPy .npy": self = .npy
    case "GeoTIFF" where ProductName.licsarPhases.contains(where: name.hasSuffix): self = .licsar
    case "GeoTIFF" where ProductName.hyp3Phases.contains(where: name.hasSuffix): self = .hyp3
    case "GeoTIFF": self = .geoTIFF
    case "ISCE": self = .isce
    case "VRT" where FlatName(path).isImage: self = .isce
    case "ROI_PAC", "flat file", "LiCSBAS flat file", "headerless flat file":
      if isTurned {
        self = other("its rows do not run from north to south and west to east")
      } else if description.format == "ROI_PAC" {
        self = .roipac
      } else if description.format == "LiCSBAS flat file" {
        self = .licsbas
      } else {
        self = .gamma(
          description.sampleType.contains("big") ? .big : .little,
          isComplex: description.sampleType.hasPrefix("complex"))
      }
    case let format: self = other("\(format) is not written")
    }
  }
}

extension RasterDescription {
  fileprivate func number(_ key: String) -> Double? {
    metadata[key]?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
  }
}

/// The parts of the name of an image: `filt_fine`, `int` and `.geo` of `filt_fine.int.geo.vrt`.
struct FlatName {
  let stem: String
  let ending: String
  /// `.geo` for geocoded images of ISCE, else empty.
  let place: String

  init(_ path: String) {
    var name = FilePath.name(path)
    if ["vrt", "xml"].contains(FilePath.fileExtension(name)) {
      name = FilePath.withoutExtension(name)
    }
    place = FilePath.fileExtension(name) == "geo" ? ".geo" : ""
    if !place.isEmpty { name = FilePath.withoutExtension(name) }
    ending = FilePath.fileExtension(name)
    stem = FilePath.withoutExtension(name)
  }

  /// Whether the ending is that of an interferogram of ROI_PAC and ISCE.
  var isImage: Bool { ["int", "unw"].contains(ending) }

  /// A file of the same interferogram.
  func file(_ ending: String, part: String = "") -> String { "\(stem)\(part).\(ending)\(place)" }
}
