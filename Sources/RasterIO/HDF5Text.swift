#if GDAL
  import CHDF5

  /// Text in HDF5 files.
  enum HDF5Text {
    /// Writes an attribute as a variable-length UTF-8 string, as h5py does.
    static func write(_ text: String, named name: String, on object: hid_t) -> Bool {
      let type = H5Tcopy(ch5_c_string())
      let space = H5Screate(H5S_SCALAR)
      defer {
        H5Tclose(type)
        H5Sclose(space)
      }
      H5Tset_size(type, ch5_variable_length())
      H5Tset_cset(type, H5T_CSET_UTF8)
      let defaults = ch5_default_properties()
      let attribute = H5Acreate2(object, name, type, space, defaults, defaults)
      guard attribute >= 0 else { return false }
      defer { H5Aclose(attribute) }
      return text.withCString { pointer in
        var pointer: UnsafePointer<CChar>? = pointer
        return H5Awrite(attribute, type, &pointer) >= 0
      }
    }

    /// A string type of exactly `byteCount` bytes, padded with zero bytes (NumPy's `S8`).
    static func fixedType(byteCount: Int) -> hid_t {
      let type = H5Tcopy(ch5_c_string())
      H5Tset_size(type, byteCount)
      H5Tset_strpad(type, H5T_STR_NULLPAD)
      return type
    }

    /// The concatenated texts, each padded to `byteCount` bytes.
    static func padded(_ texts: [String], byteCount: Int) -> [UInt8] {
      texts.flatMap { text in
        let bytes = Array(text.utf8.prefix(byteCount))
        return bytes + [UInt8](repeating: 0, count: byteCount - bytes.count)
      }
    }
  }
#endif
