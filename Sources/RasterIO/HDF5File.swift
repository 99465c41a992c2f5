import DurableFiles
import Rasters

#if GDAL
  import CHDF5
  import DurableFiles

  /// An HDF5 file opened for reading. Used only inside `NativeLibrary.exclusively`.
  final class HDF5File {
    let path: String
    /// Whether it was opened because another file links to it.
    let isExternallyLinked: Bool
    private let file: hid_t
    var handle: hid_t { file }

    /// - Throws: `RasterError.malformed` with HDF5's innermost reason.
    init(_ path: String, isExternallyLinked: Bool = false) throws {
      self.path = path
      self.isExternallyLinked = isExternallyLinked
      file = FilePath.withCString(path) {
        H5Fopen($0, ch5_read_only(), ch5_default_properties())
      }
      guard file >= 0 else {
        throw RasterError.malformed(path: path, reason: Self.reason())
      }
    }

    deinit { H5Fclose(file) }

    struct Dataset: Codable, Sendable {
      var name: String
      var shape: [Int]
      var isNumeric: Bool
      var sampleType: String
    }

    func describe(_ dataset: hid_t, name: String) -> Dataset {
      let type = H5Dget_type(dataset)
      defer { H5Tclose(type) }
      let kind = H5Tget_class(type)
      let bits = H5Tget_size(type) * 8
      let sampleType =
        switch kind {
        case H5T_FLOAT: "float\(bits)"
        case H5T_INTEGER: H5Tget_sign(type) == H5T_SGN_NONE ? "uint\(bits)" : "int\(bits)"
        case H5T_ENUM, H5T_BITFIELD: "boolean"
        default: "not numbers"
        }
      return Dataset(
        name: name, shape: shape(of: dataset), isNumeric: kind == H5T_FLOAT || kind == H5T_INTEGER,
        sampleType: sampleType)
    }

    private func shape(of dataset: hid_t) -> [Int] {
      let space = H5Dget_space(dataset)
      defer { H5Sclose(space) }
      let rank = H5Sget_simple_extent_ndims(space)
      guard rank > 0 else { return [] }
      var sizes = [UInt64](repeating: 0, count: Int(rank))
      H5Sget_simple_extent_dims(space, &sizes, nil)
      return sizes.map { Int(clamping: $0) }
    }

    /// The last two axes of a dataset, at index `item` of the first axis if there are three; all
    /// rows or some.
    /// - Throws: `RasterError.malformed` if the data cannot be read.
    func readPlane(_ dataset: Dataset, item: Int, rows: Range<Int>? = nil) throws -> [Float] {
      let handle = H5Dopen2(file, dataset.name, ch5_default_properties())
      guard handle >= 0 else { throw RasterError.malformed(path: path, reason: Self.reason()) }
      defer { H5Dclose(handle) }
      let space = H5Dget_space(handle)
      defer { H5Sclose(space) }
      var plane = dataset.shape.suffix(2).map(UInt64.init)
      var start = [UInt64](repeating: 0, count: dataset.shape.count)
      var count = dataset.shape.map(UInt64.init)
      if count.count == 3 {
        start[0] = UInt64(item)
        count[0] = 1
      }
      if let rows {
        plane[0] = UInt64(rows.count)
        start[count.count - 2] = UInt64(rows.lowerBound)
        count[count.count - 2] = UInt64(rows.count)
      }
      try checkSize(dataset)
      guard Int(H5Sget_simple_extent_ndims(space)) == count.count,
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nil, count, nil) >= 0
      else {
        throw RasterError.malformed(path: path, reason: "'\(dataset.name)' has another shape")
      }
      let memory = H5Screate_simple(2, plane, nil)
      defer { H5Sclose(memory) }
      let size = Int(plane[0] * plane[1])
      return try [Float](unsafeUninitializedCapacity: size) { buffer, initialized in
        guard
          H5Dread(
            handle, ch5_native_float(), memory, space, ch5_default_properties(), buffer.baseAddress)
            >= 0
        else { throw readingFailure(handle, named: dataset.name) }
        initialized = size
      }
    }

    func withDataset(_ dataset: Dataset, _ body: (hid_t, hid_t) -> herr_t) throws {
      let handle = H5Dopen2(file, dataset.name, ch5_default_properties())
      guard handle >= 0 else { throw RasterError.malformed(path: path, reason: Self.reason()) }
      let type = H5Dget_type(handle)
      defer {
        H5Tclose(type)
        H5Dclose(handle)
      }
      guard body(handle, type) >= 0 else { throw readingFailure(handle, named: dataset.name) }
    }

    /// Attributes of the root (`""`) or of a dataset: texts and single numbers, as text.
    func attributes(of name: String = "") -> [String: String] {
      let object = H5Oopen(file, name.isEmpty ? "/" : name, ch5_default_properties())
      guard object >= 0 else { return [:] }
      defer { H5Oclose(object) }
      var result = [String: String]()
      for index in 0..<min(10_000, max(0, H5Aget_num_attrs(object))) {
        let attribute = H5Aopen_by_idx(
          object, ".", H5_INDEX_NAME, H5_ITER_INC, UInt64(index), ch5_default_properties(),
          ch5_default_properties())
        guard attribute >= 0 else { continue }
        defer { H5Aclose(attribute) }
        var buffer = [CChar](repeating: 0, count: max(0, H5Aget_name(attribute, 0, nil)) + 1)
        H5Aget_name(attribute, buffer.count, &buffer)
        if let value = text(of: attribute) { result[Self.string(buffer)] = value }
      }
      return result
    }

    private func text(of attribute: hid_t) -> String? {
      let type = H5Aget_type(attribute)
      let space = H5Aget_space(attribute)
      defer {
        H5Tclose(type)
        H5Sclose(space)
      }
      let count = Int(H5Sget_simple_extent_npoints(space))
      if (2...16).contains(count), [H5T_INTEGER, H5T_FLOAT].contains(H5Tget_class(type)) {
        var numbers = [Double](repeating: 0, count: count)
        guard H5Aread(attribute, ch5_native_double(), &numbers) >= 0 else { return nil }
        return "{" + numbers.map { Self.text($0) }.joined(separator: ", ") + "}"
      }
      guard count == 1 else { return nil }
      switch H5Tget_class(type) {
      case H5T_STRING where H5Tis_variable_str(type) > 0:
        var pointer: UnsafeMutablePointer<CChar>?
        guard H5Aread(attribute, type, &pointer) >= 0, let pointer else { return nil }
        defer { H5free_memory(pointer) }
        return String(cString: pointer)
      case H5T_STRING:
        let size = H5Tget_size(type)
        guard size < 1 << 20 else { return nil }
        var buffer = [CChar](repeating: 0, count: size + 1)
        guard H5Aread(attribute, type, &buffer) >= 0 else { return nil }
        return Self.string(buffer).trimmingSuffix { $0 == " " }
      case H5T_INTEGER, H5T_FLOAT:
        // In double precision, because a geographic corner in float32 would be meters off.
        var number = 0.0
        guard H5Aread(attribute, ch5_native_double(), &number) >= 0 else { return nil }
        return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 4
          ? Self.text(Float(number)) : Self.text(number)
      default: return nil
      }
    }

    private static func text(_ number: Double) -> String {
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
    /// The text of a float32 number, without the digits beyond its precision.
    private static func text(_ number: Float) -> String {
      number == number.rounded() && abs(number) < 1e9 ? String(Int(number)) : String(number)
    }

    static func string(_ buffer: [CChar]) -> String {
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The innermost message of HDF5's error stack, which states the cause.
    static func reason() -> String {
      final class Box { var text: String? }
      let box = Box()
      H5Ewalk2(
        ch5_default_stack(), H5E_WALK_UPWARD,
        { _, error, context in
          guard let context, let text = error?.pointee.desc else { return 0 }
          let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
          if box.text == nil { box.text = String(cString: text) }
          return 0
        }, Unmanaged.passUnretained(box).toOpaque())
      return box.text ?? "HDF5 gives no reason"
    }
  }

  extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
      var result = self
      while let last = result.last, predicate(last) { result.removeLast() }
      return result
    }
  }
#endif
