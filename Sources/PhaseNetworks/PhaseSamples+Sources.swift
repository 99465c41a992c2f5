import Jobs
import StackFiles

/// Where samples come from.
extension PhaseSamples {
  /// A part of a dataset that `ganinsar dataset` wrote, or a folder of samples by itself.
  /// - Throws: `PhaseNetworkError.samples` for a dataset without the arrays that are needed, and the
  ///   errors of `SampleDataset`.
  package init(dataset path: String, part: String) throws {
    let source = try NetworkDataset(
      path, part: part, arrays: PhaseSample.arrays, recipe: "networks",
      hdf5: "samples in HDF5 are read slowly")
    let count = source.dataset.count
    self.init(size: source.size, identity: source.identity, count: count) { number in
      guard let sample = PhaseSample(try source.sample(number % count)) else {
        throw source.failure("sample \(number % count) is not square", "Write the dataset again.")
      }
      return sample
    }
  }

  /// Samples composed from a recipe when they are needed.
  /// - Returns: `nil` if no rate map is left for the part.
  package init?(_ job: DatasetJob, part: String) throws {
    guard let recipe = try NetworkRecipe(job, part: part) else { return nil }
    self.init(size: recipe.size, identity: recipe.identity) { number in
      try recipe.sample(number) { values, _ in PhaseSample(values) }
    }
  }

  /// The names of arrays to compose for networks, as a setting of a recipe.
  package static var recipeSets: [String] { NetworkRecipe.sets(PhaseSample.arrays) }
}
