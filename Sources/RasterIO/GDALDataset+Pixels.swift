import Rasters

#if GDAL
  import CGDAL

  extension GDALDataset {
    /// Total size in bytes of the files of the dataset.
    var fileBytes: Int {
      guard let files = GDALGetFileList(handle) else { return 0 }
      defer { CSLDestroy(files) }
      var sum = 0
      var index = 0
      while let file = files[index] {
        sum += min(FileSizes.bytes(String(cString: file)), Int.max / 2 - sum)
        index += 1
      }
      return sum
    }

    /// Throws if a raw file is truncated; GDAL would read zeros past its end.
    func checkRawSize(path: String) throws {
      guard driverName == "ISCE" else { return }
      let bytes = (1...max(1, bandCount)).reduce(0) { sum, band in
        guard let handle = GDALGetRasterBand(handle, Int32(band)) else { return sum }
        return sum + Int(GDALGetDataTypeSizeBytes(GDALGetRasterDataType(handle)))
      }
      let (pixels, isTooMany) = width.multipliedReportingOverflow(by: height)
      let (needed, overflow) = pixels.multipliedReportingOverflow(by: bytes)
      let available = try OpenedFile(path).byteCount
      guard !isTooMany, !overflow, available >= needed else {
        throw RasterError.malformed(
          path: path,
          reason: "\(path).xml says \(height) x \(width) in \(bandCount) bands, "
            + "\(overflow ? "far more" : "\(needed)") bytes, and it has \(available)")
      }
    }

    /// One band as Float, [height x width]; the phase, or the length, for complex values.
    /// - Throws: `RasterError.unsupported` for more pixels than the files can hold, before memory
    ///   is allocated; `.malformed`.
    func readPixels(
      _ band: GDALRasterBandH, isComplex: Bool, lengths: Bool = false, path: String,
      messages: GDALMessages
    ) throws -> [Float] {
      let (width, height) = (width, height)
      let fileBytes = fileBytes
      try MemoryRule.check(
        [width, height], what: "\(height) x \(width) pixels", path: path, fileBytes: fileBytes)
      guard width > 0, height > 0, width * height <= RasterReader.largestPixelCount else {
        throw RasterError.unsupported(
          path: path, reason: "\(height) x \(width) pixels", remedy: "Cut it into smaller rasters.")
      }
      var (blockWidth, blockHeight): (Int32, Int32) = (0, 0)
      GDALGetBlockSize(band, &blockWidth, &blockHeight)
      try MemoryRule.check(
        [Int(blockWidth), Int(blockHeight)],
        bytesPerValue: Int(GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band))),
        what: "blocks of \(blockHeight) x \(blockWidth) pixels", path: path, fileBytes: fileBytes)

      func read(_ rows: Range<Int>, into buffer: UnsafeMutableRawPointer?, _ type: GDALDataType)
        throws
      {
        guard
          GDALRasterIO(
            band, GF_Read, 0, Int32(rows.lowerBound), Int32(width), Int32(rows.count), buffer,
            Int32(width), Int32(rows.count), type, 0, 0) == CE_None
        else { throw messages.failure(of: path) }
      }
      return try [Float](unsafeUninitializedCapacity: width * height) { buffer, count in
        guard isComplex else {
          try read(0..<height, into: UnsafeMutableRawPointer(buffer.baseAddress), GDT_Float32)
          count = width * height
          return
        }
        // Reads some rows at a time, so that the pairs need little memory.
        let step = max(1, Self.pixelsAtOnce / width)
        var pairs = [Float](repeating: 0, count: 2 * width * min(step, height))
        for start in stride(from: 0, to: height, by: step) {
          let rows = start..<min(start + step, height)
          try pairs.withUnsafeMutableBytes { try read(rows, into: $0.baseAddress, GDT_CFloat32) }
          for index in 0..<rows.count * width {
            let (real, imaginary) = (pairs[2 * index], pairs[2 * index + 1])
            (buffer.baseAddress! + start * width + index).initialize(
              to: lengths
                ? Phase.lengthOfComplex(real: real, imaginary: imaginary)
                : Phase.ofComplex(real: real, imaginary: imaginary))
          }
          count = rows.upperBound * width
        }
      }
    }

    private static let pixelsAtOnce = 1 << 22

    /// Applies a stored mask (not one that GDAL derives from the no-data value).
    /// - Returns: whether there is one.
    func applyMask(_ band: GDALRasterBandH, to values: inout [Float], path: String) throws -> Bool {
      let flags = GDALGetMaskFlags(band)
      guard flags & (GMF_ALL_VALID | GMF_NODATA) == 0, let mask = GDALGetMaskBand(band) else {
        return false
      }
      let (width, height) = (width, height)
      let step = max(1, Self.pixelsAtOnce / width)
      var valid = [UInt8](repeating: 255, count: width * min(step, height))
      for start in stride(from: 0, to: height, by: step) {
        let rows = min(step, height - start)
        guard
          GDALRasterIO(
            mask, GF_Read, 0, Int32(start), Int32(width), Int32(rows), &valid, Int32(width),
            Int32(rows), GDT_Byte, 0, 0) == CE_None
        else { throw RasterError.malformed(path: path, reason: "its mask band cannot be read") }
        for index in 0..<rows * width where valid[index] == 0 {
          values[start * width + index] = .nan
        }
      }
      return true
    }
  }
#endif
