import Rasters

#if GDAL
  import CHDF5
  import Foundation

  /// The content of an HDF5 file, without the values.
  struct HDF5Contents: Codable, Sendable {
    /// The attributes of the root, as text.
    var attributes: [String: String]
    var datasets: [HDF5File.Dataset]
  }

  extension HDF5File {
    /// - Throws: `RasterError.unsupported` if the file names sources outside its own folder.
    func contents() throws -> HDF5Contents {
      HDF5Contents(attributes: attributes(), datasets: try datasets())
    }

    /// All datasets, each one once, named by the first path to it without the leading slash.
    ///
    /// Soft links are not followed, because their targets are found under another name.
    /// - Throws: `RasterError.unsupported` if a dataset is stored in a file outside the folder of
    ///   this one.
    func datasets() throws -> [Dataset] {
      var walk = HDF5Walk()
      try collect(group: handle, prefix: "", depth: 0, into: &walk)
      return walk.datasets
    }

    private func collect(group: hid_t, prefix: String, depth: Int, into walk: inout HDF5Walk) throws
    {
      guard depth < HDF5Walk.deepest, try walk.visit(group, path: path) else { return }
      for link in links(of: group) {
        guard link.kind != ch5_soft_link else { continue }
        if link.kind == ch5_external_link {
          try checkExternalLink(link, of: group, prefix: prefix)
        } else if link.kind != ch5_hard_link {
          continue
        }
        let object = H5Oopen(group, link.name, ch5_default_properties())
        guard object >= 0 else { continue }
        defer { H5Oclose(object) }
        switch H5Iget_type(object) {
        case H5I_GROUP:
          try collect(
            group: object, prefix: "\(prefix)\(link.name)/", depth: depth + 1, into: &walk)
        case H5I_DATASET where try walk.visit(object, path: path):
          try checkStorage(of: object, named: prefix + link.name)
          walk.datasets.append(describe(object, name: prefix + link.name))
        default: break
        }
      }
    }

    private struct Link {
      var name: String
      var kind: Int
      var valueSize: Int
    }

    private func links(of group: hid_t) -> [Link] {
      final class Found { var links = [Link]() }
      let found = Found()
      _ = ch5_visit_links(
        group,
        { name, kind, size, context in
          guard let name, let context else { return 0 }
          let found = Unmanaged<Found>.fromOpaque(context).takeUnretainedValue()
          found.links.append(Link(name: String(cString: name), kind: Int(kind), valueSize: size))
          return found.links.count < HDF5Walk.mostObjects ? 0 : 1
        }, Unmanaged.passUnretained(found).toOpaque())
      return found.links
    }

    // MARK: - Sizes

    /// Checks the whole shape of a dataset before memory is allocated for a part of it, because
    /// results of stacks grow with it.
    func checkSize(_ dataset: Dataset) throws {
      try MemoryRule.check(
        dataset.shape, what: "\(dataset.shape) values of '\(dataset.name)'", path: path,
        fileBytes: FileSizes.bytes(path), tool: "h5repack -f NONE")
    }

    // MARK: - References to other files

    private func checkExternalLink(_ link: Link, of group: hid_t, prefix: String) throws {
      let name = prefix + link.name
      var value = [UInt8](repeating: 0, count: min(link.valueSize, 1 << 16))
      var file: UnsafePointer<CChar>?
      var object: UnsafePointer<CChar>?
      var flags: UInt32 = 0
      guard H5Lget_val(group, link.name, &value, value.count, ch5_default_properties()) >= 0 else {
        throw malformed("the link '\(name)' cannot be read")
      }
      let target = try value.withUnsafeBytes { bytes -> String in
        guard H5Lunpack_elink_val(bytes.baseAddress, bytes.count, &flags, &file, &object) >= 0,
          let file
        else { throw malformed("the link '\(name)' cannot be read") }
        return String(cString: file)
      }
      let found = try FileReference.resolve(target, namedBy: path, as: "the link '\(name)'")
      // A linked file must not link to further files.
      for place in found where isExternallyLinked == false {
        _ = try HDF5File(place, isExternallyLinked: true).datasets()
      }
      guard !isExternallyLinked else {
        throw RasterError.unsupported(
          path: path, reason: "the link '\(name)' leads through several files",
          remedy: "Copy the datasets into one file (h5repack, h5copy).")
      }
    }

    private func checkStorage(of dataset: hid_t, named name: String) throws {
      let creation = H5Dget_create_plist(dataset)
      guard creation >= 0 else { return }
      defer { H5Pclose(creation) }
      func check(_ file: [CChar]) throws {
        let file = Self.string(file)
        guard file != "." else { return }  // the file itself
        _ = try FileReference.resolve(file, namedBy: path, as: "the dataset '\(name)'")
      }
      var buffer = [CChar](repeating: 0, count: 1 << 12)
      for index in 0..<max(0, H5Pget_external_count(creation)) {
        H5Pget_external(creation, UInt32(index), buffer.count - 1, &buffer, nil, nil)
        try check(buffer)
      }
      guard H5Pget_layout(creation) == H5D_VIRTUAL else { return }
      var count = 0
      H5Pget_virtual_count(creation, &count)
      for index in 0..<min(count, HDF5Walk.mostObjects) {
        guard H5Pget_virtual_filename(creation, index, &buffer, buffer.count) >= 0 else { break }
        try check(buffer)
      }
    }

    private func malformed(_ reason: String) -> RasterError {
      .malformed(path: path, reason: reason)
    }
  }

  /// Traverses a file and visits each object once, because a group may contain itself.
  private struct HDF5Walk {
    static let deepest = 32
    static let mostObjects = 100_000
    var datasets = [HDF5File.Dataset]()
    private var seen = Set<[UInt8]>()

    /// Whether the object is visited for the first time.
    mutating func visit(_ object: hid_t, path: String) throws -> Bool {
      var identity = ch5_object()
      guard ch5_identify(object, &identity) >= 0 else { return false }
      guard seen.count < Self.mostObjects else {
        throw RasterError.unsupported(
          path: path, reason: "it holds more than \(Self.mostObjects) objects",
          remedy: "Copy the dataset that you need to a separate file (h5copy).")
      }
      var key = withUnsafeBytes(of: identity.token) { Array($0) }
      withUnsafeBytes(of: identity.file) { key += $0 }
      return seen.insert(key).inserted
    }
  }
#endif
