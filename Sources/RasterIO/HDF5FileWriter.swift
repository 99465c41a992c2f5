import DurableFiles

#if GDAL
  import CHDF5
  import Foundation
  import DurableFiles

  /// The content of a new HDF5 file.
  public struct HDF5Layout: Sendable {
    public enum Content: Sendable, Equatable {
      /// float32 values that `HDF5FileWriter.write` fills later.
      case streamedFloats
      case floats([Float])
      /// Booleans as in h5py: a one-byte enumeration.
      case booleans([Bool])
      /// Texts of a fixed length (NumPy's `S`), that of the longest one.
      case texts([String])
    }

    public struct Dataset: Sendable, Equatable {
      public var name: String
      public var shape: [Int]
      public var content: Content
      public var attributes: [String: String]

      public init(
        name: String, shape: [Int], content: Content, attributes: [String: String] = [:]
      ) {
        self.name = name
        self.shape = shape
        self.content = content
        self.attributes = attributes
      }
    }

    public var attributes: [String: String]
    public var datasets: [Dataset]

    public init(attributes: [String: String] = [:], datasets: [Dataset]) {
      self.attributes = attributes
      self.datasets = datasets
    }
  }

  /// Writes a new HDF5 file whose large datasets are filled plane by plane.
  ///
  /// HDF5 creates the file and reserves contiguous space for each streamed dataset. The values are
  /// then written to that space without HDF5, so that memory does not grow with the file and every
  /// error names the file.
  public final class HDF5FileWriter {
    private let name: String
    private let path: String
    private let descriptor: Int32
    /// Offset in bytes and number of the values of each streamed dataset.
    private let places: [String: (offset: UInt64, count: Int)]

    /// - Parameter named: the path for error messages, if `path` is a temporary name.
    /// - Throws: `RunError.cannotWrite`, also if the disk has not enough space for the datasets.
    public init(path: String, named name: String? = nil, layout: HDF5Layout) throws {
      self.path = path
      self.name = name ?? path
      try Self.checkRoom(layout, path: path, named: self.name)
      do {
        places = try NativeLibrary.exclusively {
          guard let places = Self.create(layout, at: path) else {
            throw RunError.cannotWrite(path: name ?? path, reason: HDF5File.reason())
          }
          return places
        }
      }
      descriptor = FilePath.withCString(path) { open($0, O_WRONLY | O_CLOEXEC) }
      guard descriptor >= 0 else {
        throw RunError.cannotWrite(path: self.name, reason: String(cString: strerror(errno)))
      }
    }

    deinit { close(descriptor) }

    /// Writes values of a streamed dataset from index `start` on, in C order.
    /// - Throws: `RunError.cannotWrite`.
    public func write(_ values: [Float], to dataset: String, at start: Int) throws {
      guard let place = places[dataset] else {
        preconditionFailure("'\(dataset)' is a streamed dataset of the layout")
      }
      precondition(start >= 0 && start + values.count <= place.count, "values within the dataset")
      var data = Data()
      data.append(littleEndian: values)
      try data.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let count = pwrite(
            descriptor, bytes.baseAddress! + done, bytes.count - done,
            Int(place.offset) + start * 4 + done)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else {
            throw RunError.cannotWrite(path: name, reason: String(cString: strerror(errno)))
          }
          done += count
        }
      }
    }

    /// Adds a dataset of texts that became known while the other datasets were filled.
    /// - Throws: `RunError.cannotWrite`.
    public func add(texts: [String], named dataset: String) throws {
      try NativeLibrary.exclusively {
        let file = FilePath.withCString(path) {
          H5Fopen($0, ch5_read_write(), ch5_default_properties())
        }
        guard file >= 0 else {
          throw RunError.cannotWrite(path: name, reason: HDF5File.reason())
        }
        let isWritten = Self.create(
          .init(name: dataset, shape: [texts.count], content: .texts(texts)), in: file)
        guard H5Fclose(file) >= 0, isWritten != nil else {
          throw RunError.cannotWrite(path: name, reason: HDF5File.reason())
        }
      }
    }

    /// HDF5 cannot close a file on a full disk, so the free space is checked beforehand.
    private static func checkRoom(_ layout: HDF5Layout, path: String, named name: String) throws {
      let needed = layout.datasets.reduce(1 << 16) { $0 + $1.shape.reduce(4, *) }
      var disk = statvfs()
      let found = FilePath.withCString(FilePath.folder(path)) { statvfs($0, &disk) }
      guard found == 0 else {
        throw RunError.cannotWrite(path: name, reason: String(cString: strerror(errno)))
      }
      let (free, overflow) = UInt64(disk.f_bavail).multipliedReportingOverflow(
        by: UInt64(disk.f_frsize))
      guard overflow || free >= UInt64(needed) else {
        throw RunError.cannotWrite(
          path: name,
          reason: "No space left on device: \(needed) bytes are needed, \(free) are free")
      }
    }

    /// `nil` on failure, with the reason on HDF5's error stack.
    private static func create(_ layout: HDF5Layout, at path: String)
      -> [String: (offset: UInt64, count: Int)]?
    {
      let defaults = ch5_default_properties()
      let file = FilePath.withCString(path) { H5Fcreate($0, ch5_truncate(), defaults, defaults) }
      guard file >= 0 else { return nil }
      var places: [String: (offset: UInt64, count: Int)]? = [:]
      for (key, value) in layout.attributes.sorted(by: { $0.key < $1.key })
      where !HDF5Text.write(value, named: key, on: file) {
        places = nil
      }
      for dataset in layout.datasets {
        guard let offset = create(dataset, in: file) else {
          places = nil
          break
        }
        if dataset.content == .streamedFloats {
          places?[dataset.name] = (offset, dataset.shape.reduce(1, *))
        }
      }
      return H5Fclose(file) >= 0 ? places : nil
    }

    /// The offset of the dataset's values in the file; `nil` on failure.
    private static func create(_ dataset: HDF5Layout.Dataset, in file: hid_t) -> UInt64? {
      let space = H5Screate_simple(Int32(dataset.shape.count), dataset.shape.map(UInt64.init), nil)
      let creation = H5Pcreate(ch5_dataset_creation())
      let type = type(of: dataset.content)
      defer {
        H5Sclose(space)
        H5Pclose(creation)
        H5Tclose(type)
      }
      H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY)
      H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER)
      // Without time stamps, so that the same values give the same bytes.
      ch5_leave_out_times(creation)
      let defaults = ch5_default_properties()
      let handle = H5Dcreate2(file, dataset.name, type, space, defaults, creation, defaults)
      guard handle >= 0 else { return nil }
      defer { H5Dclose(handle) }
      func write(_ memoryType: hid_t, _ bytes: UnsafeRawBufferPointer) -> Bool {
        H5Dwrite(handle, memoryType, ch5_all(), ch5_all(), defaults, bytes.baseAddress) >= 0
      }
      let isWritten =
        switch dataset.content {
        case .streamedFloats: true
        case .floats(let values): values.withUnsafeBytes { write(ch5_native_float(), $0) }
        case .booleans(let values):
          values.map { $0 ? UInt8(1) : 0 }.withUnsafeBytes { write(type, $0) }
        case .texts(let texts):
          HDF5Text.padded(texts, byteCount: longest(texts)).withUnsafeBytes { write(type, $0) }
        }
      let isDescribed = dataset.attributes.sorted(by: { $0.key < $1.key }).allSatisfy {
        HDF5Text.write($0.value, named: $0.key, on: handle)
      }
      guard isWritten, isDescribed else { return nil }
      return UInt64(H5Dget_offset(handle))
    }

    private static func type(of content: HDF5Layout.Content) -> hid_t {
      switch content {
      case .streamedFloats, .floats: return H5Tcopy(ch5_little_float())
      case .booleans:
        let type = H5Tenum_create(ch5_native_int8())
        for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
          var value = value
          H5Tenum_insert(type, name, &value)
        }
        return type
      case .texts(let texts): return HDF5Text.fixedType(byteCount: longest(texts))
      }
    }

    private static func longest(_ texts: [String]) -> Int {
      max(1, texts.map(\.utf8.count).max() ?? 1)
    }
  }
#endif
