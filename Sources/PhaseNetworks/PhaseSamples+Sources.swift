import DurableFiles
import Jobs
import StackFiles
import Synchronization

/// Where samples come from.
extension PhaseSamples {
  /// A part of a dataset that `ganinsar dataset` wrote, or a folder of samples by itself.
  /// - Throws: `PhaseNetworkError.samples` for a dataset without the arrays that are needed, and the
  ///   errors of `SampleDataset`.
  package init(dataset path: String, part: String) throws {
    let folder =
      FileSystem.exists("\(path)/\(part)/\(SampleExport.manifestName)") ? "\(path)/\(part)" : path
    let dataset = try SampleDataset(folder)
    let names = PhaseSample.arrays.map(\.rawValue)
    let missing = names.filter { name in !dataset.arrays.contains { $0.name == name } }
    guard missing.isEmpty else {
      throw PhaseNetworkError.samples(
        path: folder, reason: "its samples have no \(missing.joined(separator: ", "))",
        remedy: "Write it with 'ganinsar dataset' and the recipe 'networks', or with the arrays "
          + "\(names.joined(separator: ",")).")
    }
    guard dataset.format != .hdf5 else {
      throw PhaseNetworkError.samples(
        path: folder, reason: "samples in HDF5 are read slowly",
        remedy: "Write the dataset as npy, webdataset or zarr.")
    }
    let shape = dataset.arrays.first { $0.name == "wrapped" }?.shape ?? []
    guard shape.count == 2, shape[0] == shape[1] else {
      throw PhaseNetworkError.samples(
        path: folder, reason: "its samples have the shape \(shape)",
        remedy: "Give one of square pairs (samples.content: pair).")
    }
    let manifest = "\(folder)/\(SampleExport.manifestName)"
    self.init(
      size: shape[0],
      identity: "dataset \(try SHA256.hex(ofFile: manifest))", count: dataset.count
    ) { number in
      let arrays = try dataset.sample(number % dataset.count, withMetadata: false).arrays
      let values = Dictionary(
        zip(dataset.arrays.map(\.name), arrays.map(\.values)),
        uniquingKeysWith: { first, _ in first })
      guard let sample = PhaseSample(values) else {
        throw PhaseNetworkError.samples(
          path: folder, reason: "sample \(number % dataset.count) is not square",
          remedy: "Write the dataset again.")
      }
      return sample
    }
  }

  /// Samples composed from a recipe when they are needed.
  /// - Returns: `nil` if no rate map is left for the part.
  package init?(_ job: DatasetJob, part: String) throws {
    guard let stream = SampleStream(job, part: part) else { return nil }
    self.init(size: stream.size, identity: "recipe \(try job.identity())") { number in
      let record = try stream.record(number)
      let values = Dictionary(
        record.arrays.map { ($0.name, $0.array.values) }, uniquingKeysWith: { first, _ in first })
      guard let sample = PhaseSample(values) else {
        throw PhaseNetworkError.samples(
          path: "the recipe", reason: "samples.arrays or samples.content was changed",
          remedy: "Leave both as they are.")
      }
      return sample
    }
  }

  /// The names of arrays to compose for networks, as a setting of a recipe.
  package static var recipeSets: [String] {
    [
      "samples.content=pair",
      "samples.arrays=[\(PhaseSample.arrays.map(\.rawValue).joined(separator: ", "))]",
    ]
  }
}
