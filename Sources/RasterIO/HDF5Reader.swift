import Rasters

#if GDAL
  import Foundation

  /// Reads datasets of an HDF5 file by name, one plane at a time.
  ///
  /// The file is opened for each call: only one thread at a time may call HDF5, so a handle must
  /// not be closed on another thread.
  public struct HDF5Reader: Sendable {
    public let path: String
    /// The root's attributes, as text.
    public let attributes: [String: String]
    /// Shapes of the datasets that contain numbers or Booleans, by name.
    public let shapes: [String: [Int]]
    /// Shapes of all datasets, also of those without numbers or Booleans.
    public var allShapes: [String: [Int]] { datasets.mapValues(\.shape) }
    private let datasets: [String: HDF5File.Dataset]

    /// - Throws: `RasterError` for a missing or damaged file, or one that is not HDF5.
    public init(_ path: String) throws {
      self.path = path
      _ = try OpenedFile(path)
      guard let contents = try ForeignFiles.ask(.contents(path: path)).contents else {
        throw RasterError.malformed(path: path, reason: "it was not read whole")
      }
      attributes = contents.attributes
      datasets = Dictionary(
        contents.datasets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      shapes = datasets.filter { $0.value.isNumeric || $0.value.sampleType == "boolean" }.mapValues(
        \.shape)
    }

    /// Index `item` of the first axis of a dataset [N, H, W], or a dataset [H, W]; all rows or
    /// some.
    /// - Throws: `RasterError.malformed`, also for an item or rows beyond the dataset.
    public func plane(_ name: String, item: Int = 0, rows: Range<Int>? = nil) throws -> [Float] {
      let dataset = try dataset(name, ranks: 2...3)
      let height = dataset.shape[dataset.shape.count - 2]
      let rows = rows ?? 0..<height
      guard dataset.shape.count < 3 || (0..<dataset.shape[0]).contains(item), rows.lowerBound >= 0,
        rows.upperBound <= height
      else {
        throw RasterError.malformed(
          path: path,
          reason: "'\(name)' has shape \(dataset.shape), which lacks rows \(rows.lowerBound) to "
            + "\(rows.upperBound) of item \(item)")
      }
      return try ForeignFiles.ask(
        .plane(path: path, dataset: dataset, item: item, rows: rows)
      ).values
    }

    /// All values of a dataset of numbers or Booleans, of any rank.
    /// - Throws: `RasterError.malformed`.
    public func values(_ name: String) throws -> [Float] {
      let dataset = try dataset(name, ranks: 0...8)
      return try ForeignFiles.ask(.values(path: path, dataset: dataset)).values
    }

    /// All texts of a dataset of strings; integers become their digits.
    /// - Throws: `RasterError.malformed`.
    public func texts(_ name: String) throws -> [String] {
      let dataset = try dataset(name, ranks: 0...8)
      return try ForeignFiles.ask(.texts(path: path, dataset: dataset)).texts ?? []
    }

    private func dataset(_ name: String, ranks: ClosedRange<Int>) throws -> HDF5File.Dataset {
      guard let dataset = datasets[name], ranks.contains(dataset.shape.count) else {
        throw RasterError.malformed(
          path: path,
          reason: "it has no dataset '\(name)' of this shape; it has "
            + datasets.keys.sorted().joined(separator: ", "))
      }
      return dataset
    }
  }
#endif
