import Rasters

#if GDAL
  import CGDAL
  import Foundation

  /// Checks a VRT before GDAL opens it: it may name only files inside or below its own folder.
  ///
  /// Elements that are not known to be harmless are refused, so that new features of later GDAL
  /// releases are not used unchecked. Source: GDAL, "VRT -- GDAL Virtual Format".
  enum VRTRules {
    /// Whether GDAL would open the file as a VRT, whatever its name.
    static func isVRT(_ path: String) -> Bool {
      guard let file = try? OpenedFile(path),
        let start = try? file.bytes(min(1 << 16, file.byteCount), at: 0)
      else { return false }
      return contains(start, "<VRTDataset")
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
      bytes.firstRange(of: Array(text.utf8)) != nil
    }

    /// - Throws: `RasterError.unsupported` for a VRT that is not named `.vrt`, or that names files
    ///   elsewhere; `.malformed` if it cannot be parsed.
    static func check(_ path: String, depth: Int = 0) throws {
      let isNamedVRT = path.lowercased().hasSuffix(".vrt")
      guard isVRT(path) else {
        guard !isNamedVRT else {
          throw RasterError.malformed(path: path, reason: "it is not the XML of a VRT")
        }
        return
      }
      func refused(_ reason: String) -> RasterError {
        .unsupported(
          path: path, reason: reason, remedy: "Convert it to a plain raster: gdal_translate.")
      }
      guard isNamedVRT else { throw refused("it is a VRT that is not named .vrt") }
      guard depth < 4 else { throw refused("it names a VRT, which names a VRT, and so on") }
      guard FileSizes.bytes(path) < 1 << 26, let root = CPLParseXMLFile(path) else {
        throw RasterError.malformed(path: path, reason: "its XML cannot be parsed")
      }
      defer { CPLDestroyXMLNode(root) }
      var element: UnsafeMutablePointer<CPLXMLNode>? = root
      while let node = element {
        if node.pointee.eType == CXT_Element {
          try check(node, path: path, depth: depth, level: 0, refused)
        }
        element = node.pointee.psNext
      }
    }

    private static func check(
      _ node: UnsafeMutablePointer<CPLXMLNode>, path: String, depth: Int, level: Int,
      _ refused: (String) -> RasterError
    ) throws {
      let name = String(cString: node.pointee.pszValue)
      guard level < 32 else { throw refused("its elements are nested \(level) deep") }
      if name.hasPrefix("?") || texts.contains(name) { return }
      guard sources.contains(name) || known.contains(name) else {
        throw refused(
          "it contains the element '\(name.prefix(80))', which is not known to be "
            + "harmless")
      }
      var child = node.pointee.psChild
      var text = ""
      while let inner = child {
        let value = String(cString: inner.pointee.pszValue)
        switch inner.pointee.eType {
        case CXT_Element: try check(inner, path: path, depth: depth, level: level + 1, refused)
        case CXT_Text: text += value
        case CXT_Attribute where value == "subClass":
          let kind = inner.pointee.psChild.map { String(cString: $0.pointee.pszValue) } ?? ""
          guard kinds.contains(kind) else { throw refused("it is a '\(kind.prefix(80))'") }
        default: break
        }
        child = inner.pointee.psNext
      }
      guard sources.contains(name) else { return }
      let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
      for place in try FileReference.resolve(trimmed, namedBy: path, as: "a source of it") {
        try check(place, depth: depth + 1)
      }
    }

    private static let sources: Set = ["SourceFilename", "SourceDataset"]
    private static let kinds: Set = [
      "VRTSourcedRasterBand", "VRTRawRasterBand", "VRTDerivedRasterBand", "VRTWarpedDataset",
      "VRTWarpedRasterBand", "VRTDataset", "VRTRasterBand",
    ]
    /// Elements with texts or numbers for users, whose content does not matter.
    private static let texts: Set = [
      "SRS", "Metadata", "Description", "CategoryNames", "ColorTable", "Histograms", "GCPList",
      "GDALRasterAttributeTable", "SourceSRS", "TargetSRS",
    ]
    private static let known: Set = [
      "VRTDataset", "GeoTransform", "VRTRasterBand", "UnitType", "Offset", "Scale", "ColorInterp",
      "NoDataValue", "NODATA", "HideNoDataValue", "MaskBand", "BlockXSize", "BlockYSize",
      "SimpleSource", "ComplexSource", "AveragedSource", "NoDataFromMaskSource", "SourceBand",
      "SourceProperties", "SrcRect", "DstRect", "ScaleOffset", "ScaleRatio", "LUT", "Exponent",
      "OverviewList",
      "Overview", "SrcMin", "SrcMax", "DstMin", "DstMax", "Clamp", "ColorTableComponent",
      "UseMaskBand",
      "KernelFilteredSource", "Kernel", "Size", "Coefs", "ImageOffset", "PixelOffset",
      "LineOffset", "ByteOrder", "PixelFunctionType", "PixelFunctionArguments",
      "SourceTransferType", "BufferRadius", "SkipNonContributingSources",
      // Warped datasets
      "GDALWarpOptions", "WarpMemoryLimit", "ResampleAlg", "WorkingDataType", "Option",
      "Options",
      "Transformer", "ApproxTransformer", "MaxError", "BaseTransformer", "GenImgProjTransformer",
      "SrcGeoTransform", "SrcInvGeoTransform", "DstGeoTransform", "DstInvGeoTransform",
      "ReprojectTransformer", "ReprojectionTransformer", "BandList", "BandMapping", "SrcNoDataReal",
      "SrcNoDataImag", "DstNoDataReal", "DstNoDataImag", "SrcAlphaBand", "DstAlphaBand",
    ]
  }
#endif
