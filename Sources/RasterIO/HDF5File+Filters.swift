import Rasters

#if GDAL
  import CHDF5

  extension HDF5File {
    /// Why a dataset could not be read: a missing filter, or else damage.
    func readingFailure(_ dataset: hid_t, named name: String) -> RasterError {
      // Must be called first, because every further call resets HDF5's error stack.
      let reason = Self.reason()
      guard let filter = Self.missingFilter(dataset) else {
        return .malformed(path: path, reason: "'\(name)' cannot be read: \(reason)")
      }
      return .unsupported(
        path: path,
        reason: "'\(name)' is stored with the HDF5 filter \(filter), which is not installed here",
        remedy:
          "Install the filter and name its folder in HDF5_PLUGIN_PATH, or write the file again "
          + "with gzip where it reads: h5repack -f GZIP=4 FILE COPY.")
    }

    /// The name and number of the first filter of a dataset that is not installed.
    private static func missingFilter(_ dataset: hid_t) -> String? {
      let creation = H5Dget_create_plist(dataset)
      guard creation >= 0 else { return nil }
      defer { H5Pclose(creation) }
      for index in 0..<max(0, H5Pget_nfilters(creation)) {
        var (flags, settings): (UInt32, UInt32) = (0, 0)
        var valueCount = 0
        let filter = H5Pget_filter2(
          creation, UInt32(index), &flags, &valueCount, nil, 0, nil, &settings)
        if filter >= 0 && H5Zfilter_avail(filter) <= 0 {
          return filterNames[filter].map { "\($0) (number \(filter))" } ?? "number \(filter)"
        }
      }
      return nil
    }

    /// Source: the HDF Group's list of registered filters.
    private static let filterNames: [H5Z_filter_t: String] = [
      4: "szip", 305: "LZO", 307: "bzip2", 32_000: "LZF", 32_001: "Blosc", 32_004: "LZ4",
      32_008: "bitshuffle", 32_013: "ZFP", 32_014: "fpzip", 32_015: "Zstandard", 32_017: "SZ",
      32_018: "FCIDECOMP", 32_019: "JPEG", 32_022: "granular bit rounding", 32_023: "SZ3",
      32_026: "Blosc2",
    ]
  }
#endif
