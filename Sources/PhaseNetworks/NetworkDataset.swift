import DurableFiles
import Jobs
import StackFiles

/// Square samples of a part of a dataset that `ganinsar dataset` wrote, or of a folder of samples by itself.
struct NetworkDataset: Sendable {
  /// Rows and columns of the samples.
  let size: Int
  /// The same identity gives the same samples.
  let identity: String
  let dataset: SampleDataset
  private let folder: String

  /// - Parameters:
  ///   - arrays: what the samples must have.
  ///   - recipe: the name of the recipe that writes them.
  ///   - fault: what is wrong with samples in HDF5.
  /// - Throws: `PhaseNetworkError.samples` for a dataset without the arrays or of another shape, and the
  ///   errors of `SampleDataset`.
  init(
    _ path: String, part: String, arrays: [SampleArrayName], recipe: String, hdf5 fault: String
  ) throws {
    let inside = "\(path)/\(part)"
    let folder = FileSystem.exists("\(inside)/\(SampleExport.manifestName)") ? inside : path
    let dataset = try SampleDataset(folder)
    let names = arrays.map(\.rawValue)
    let missing = names.filter { name in !dataset.arrays.contains { $0.name == name } }
    guard missing.isEmpty else {
      throw Self.failure(
        folder, "its samples have no \(missing.joined(separator: ", "))",
        "Write it with 'ganinsar dataset' and the recipe '\(recipe)', or with the arrays "
          + "\(names.joined(separator: ",")).")
    }
    guard dataset.format != .hdf5 else {
      throw Self.failure(folder, fault, "Write the dataset as npy, webdataset or zarr.")
    }
    let shape = dataset.arrays.first { $0.name == names[0] }?.shape ?? []
    guard shape.count == 2, shape[0] == shape[1] else {
      throw Self.failure(
        folder, "its samples have the shape \(shape)",
        "Give one of square pairs (samples.content: pair).")
    }
    size = shape[0]
    identity = "dataset \(try SHA256.hex(ofFile: "\(folder)/\(SampleExport.manifestName)"))"
    (self.dataset, self.folder) = (dataset, folder)
  }

  private static func failure(_ folder: String, _ reason: String, _ remedy: String)
    -> PhaseNetworkError
  {
    .samples(path: folder, reason: reason, remedy: remedy)
  }

  func failure(_ reason: String, _ remedy: String) -> PhaseNetworkError {
    Self.failure(folder, reason, remedy)
  }

  /// The arrays of a sample by name.
  func sample(_ number: Int) throws -> [String: [Float]] {
    let arrays = try dataset.sample(number, withMetadata: false).arrays
    return Dictionary(
      zip(dataset.arrays.map(\.name), arrays.map(\.values)),
      uniquingKeysWith: { first, _ in first })
  }
}

/// Samples composed from a recipe when they are needed.
struct NetworkRecipe: Sendable {
  let size: Int
  let identity: String
  private let stream: SampleStream

  /// - Returns: `nil` if no rate map is left for the part.
  init?(_ job: DatasetJob, part: String) throws {
    guard let stream = SampleStream(job, part: part) else { return nil }
    self.stream = stream
    size = stream.size
    identity = "recipe \(try job.identity())"
  }

  /// A sample made of the arrays by name and the metadata.
  /// - Throws: `PhaseNetworkError.samples` if it cannot be made: the recipe has other arrays.
  func sample<Sample>(_ number: Int, _ make: ([String: [Float]], String) -> Sample?) throws
    -> Sample
  {
    let record = try stream.record(number)
    let values = Dictionary(
      record.arrays.map { ($0.name, $0.array.values) }, uniquingKeysWith: { first, _ in first })
    guard let sample = make(values, record.metadata) else {
      throw PhaseNetworkError.samples(
        path: "the recipe", reason: "samples.arrays or samples.content was changed",
        remedy: "Leave both as they are.")
    }
    return sample
  }

  /// What must hold of a recipe that composes samples with these arrays.
  static func sets(_ arrays: [SampleArrayName]) -> [String] {
    [
      "samples.content=pair",
      "samples.arrays=[\(arrays.map(\.rawValue).joined(separator: ", "))]",
    ]
  }
}
