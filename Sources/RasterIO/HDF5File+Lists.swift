import Rasters

#if GDAL
  import CHDF5

  extension HDF5File {
    /// All values of a dataset of numbers, enumerations (h5py's Booleans) or bit fields.
    /// - Throws: `RasterError.malformed`, `.unsupported`.
    func readAll(_ dataset: Dataset) throws -> [Float] {
      let count = try checkedCount(dataset)
      var values = [Float](repeating: 0, count: count)
      try withDataset(dataset) { handle, type in
        // HDF5 converts integers and enumerations to floats, but not bit fields.
        guard H5Tget_class(type) == H5T_BITFIELD else {
          return H5Dread(
            handle, ch5_native_float(), ch5_all(), ch5_all(), ch5_default_properties(), &values)
        }
        let size = H5Tget_size(type)
        var bytes = [UInt8](repeating: 0, count: count * size)
        let status = H5Dread(
          handle, type, ch5_all(), ch5_all(), ch5_default_properties(), &bytes)
        for index in 0..<count {
          values[index] = bytes[index * size..<(index + 1) * size].contains { $0 != 0 } ? 1 : 0
        }
        return status
      }
      return values
    }

    /// All texts of a dataset of strings of fixed or variable length; integers become their digits.
    /// - Throws: `RasterError.malformed`, `.unsupported`.
    func readTexts(_ dataset: Dataset) throws -> [String] {
      let count = try checkedCount(dataset)
      var texts = [String]()
      try withDataset(dataset) { handle, type in
        func read(_ memory: hid_t, _ values: UnsafeMutableRawPointer) -> herr_t {
          H5Dread(handle, memory, ch5_all(), ch5_all(), ch5_default_properties(), values)
        }
        switch H5Tget_class(type) {
        case H5T_INTEGER:
          var numbers = [Int64](repeating: 0, count: count)
          let status = read(ch5_native_int64(), &numbers)
          texts = numbers.map { String($0) }
          return status
        case H5T_STRING where H5Tis_variable_str(type) > 0:
          var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
          let status = read(type, &pointers)
          texts = pointers.map { $0.map { String(cString: $0) } ?? "" }
          for pointer in pointers { H5free_memory(pointer) }
          return status
        case H5T_STRING:
          let size = H5Tget_size(type)
          guard size < 1 << 10 else { return -1 }
          var bytes = [UInt8](repeating: 0, count: count * size)
          let status = read(type, &bytes)
          texts = (0..<count).map { index in
            String(
              decoding: bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
          }
          return status
        default: return -1
        }
      }
      return texts
    }

    /// Lists hold one or two values per interferogram.
    private func checkedCount(_ dataset: Dataset) throws -> Int {
      var count = 1
      for side in dataset.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: side)
        guard !overflow, (0...1 << 22).contains(product) else {
          throw RasterError.unsupported(
            path: path,
            reason: "'\(dataset.name)' of shape \(dataset.shape) is too long for a list",
            remedy: "Give a file whose lists have one entry per interferogram.")
        }
        count = product
      }
      return count
    }
  }
#endif
