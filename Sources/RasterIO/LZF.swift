#if GDAL
  import CHDF5

  /// The LZF compression that h5py and MintPy use by default and that libhdf5 does not include.
  ///
  /// It is registered as an HDF5 filter, so that the library handles chunks, shuffling and
  /// checksums.
  /// Source: M. Lehmann, LibLZF 3.6 (the format); h5py's `lzf_filter.c` (the filter's number and values).
  enum LZF {
    static let filterNumber: H5Z_filter_t = 32_000
    /// Three bytes decode to at most 264.
    private static let largestExpansion = 88

    /// Registers the LZF decoder with HDF5. Called once, inside `NativeLibrary.exclusively`.
    static func register() {
      var description = H5Z_class2_t()
      description.version = H5Z_CLASS_T_VERS
      description.id = filterNumber
      description.decoder_present = 1
      description.filter = { flags, valueCount, values, byteCount, bufferSize, buffer in
        guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, let bufferSize, let buffer,
          let input = buffer.pointee
        else { return 0 }
        // The third value is the size of a chunk.
        let declared = valueCount >= 3 ? Int(values?[2] ?? 0) : 0
        let (largest, overflow) = byteCount.multipliedReportingOverflow(by: LZF.largestExpansion)
        guard !overflow, declared <= largest else { return 0 }
        let size = declared > 0 ? declared : largest
        guard let output = H5allocate_memory(size, false) else { return 0 }
        let count = LZF.decode(
          UnsafeRawBufferPointer(start: input, count: byteCount),
          into: UnsafeMutableRawBufferPointer(start: output, count: size))
        guard let count, declared == 0 || count == declared else {
          H5free_memory(output)
          return 0
        }
        H5free_memory(input)
        buffer.pointee = output
        bufferSize.pointee = size
        return count
      }
      H5Zregister(&description)
    }

    /// Decodes `input` into `output`.
    /// - Returns: the number of bytes written; `nil` for damaged input or if the output is too
    ///   small.
    static func decode(
      _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
      var (place, written) = (0, 0)
      while place < input.count {
        let control = Int(input[place])
        place += 1
        if control < 32 {
          // `control` + 1 literal bytes.
          let count = control + 1
          guard place + count <= input.count, written + count <= output.count else { return nil }
          for index in 0..<count { output[written + index] = input[place + index] }
          place += count
          written += count
        } else {
          // A copy of bytes `distance` back; source and target may overlap.
          var count = control >> 5
          if count == 7 {
            guard place < input.count else { return nil }
            count += Int(input[place])
            place += 1
          }
          count += 2
          guard place < input.count else { return nil }
          let distance = (control & 31) << 8 + Int(input[place]) + 1
          place += 1
          guard distance <= written, written + count <= output.count else { return nil }
          for index in written..<written + count { output[index] = output[index - distance] }
          written += count
        }
      }
      return written
    }
  }
#endif
