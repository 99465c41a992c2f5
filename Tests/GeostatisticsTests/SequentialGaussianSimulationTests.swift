import Kernel
import Testing

@testable import Geostatistics

struct SequentialGaussianSimulationTests {
  static let model = VariogramModel(
    nugget: 0.1, structures: [.init(shape: .exponential, sill: 0.9, lengthPixels: 6)])

  private func fields(
    _ simulation: SequentialGaussianSimulation, count: Int
  ) -> [[Float]] {
    (0..<count).map { index in
      var random = CounterRandom(1, .testInput, UInt64(index))
      return simulation.field(&random)
    }
  }

  /// Over many fields: mean 0, variance 1, and the model's variogram at every lag.
  @Test func fieldsHaveTheVariogramOfTheModel() throws {
    let simulation = try SequentialGaussianSimulation(Self.model, width: 64, height: 48, seed: 2)
    let fields = fields(simulation, count: 60)
    let all = fields.joined().map(Double.init)
    let mean = all.reduce(0, +) / Double(all.count)
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
    #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.05, "\(mean) \(variance)")
    let measured = fields.map { MapVariogram(of: $0, width: 64, height: 48, longestLag: 20).values }
    for lag in [1, 2, 4, 8, 16, 20] {
      let gamma = measured.map { $0[lag - 1] }.reduce(0, +) / Double(measured.count)
      #expect(abs(gamma / Self.model.value(Double(lag)) - 1) < 0.06, "\(lag): \(gamma)")
    }
  }

  @Test func givenPixelsAreKeptAndFelt() throws {
    let smooth = VariogramModel(
      nugget: 0, structures: [.init(shape: .gaussian, sill: 1, lengthPixels: 8)])
    let given = [(pixel: 10 * 33 + 7, score: Float(3)), (pixel: 25 * 33 + 30, score: Float(-2.5))]
    let simulation = try SequentialGaussianSimulation(
      smooth, width: 33, height: 33, given: given, seed: 5)
    for field in fields(simulation, count: 5) {
      for pixel in given {
        #expect(field[pixel.pixel] == pixel.score)
        // A neighbor at distance 1 has correlation 0.984.
        #expect(abs(field[pixel.pixel - 1] - pixel.score) < 1)
      }
    }
  }

  /// Simple kriging of the last of three pixels in a row, in closed form for an exponential model:
  /// the farther pixel is screened, the nearer has weight r, and the error variance 1 - r^2.
  @Test func threePixelsAreKrigedAsInClosedForm() throws {
    let model = VariogramModel(
      nugget: 0, structures: [.init(shape: .exponential, sill: 1, lengthPixels: 1.5)])
    let simulation = try SequentialGaussianSimulation(
      model, width: 3, height: 1, given: [(0, 1.7), (1, -0.4)], seed: 1)
    let values = fields(simulation, count: 20_000).map { Double($0[2]) }
    let (mean, count) = (values.reduce(0, +) / 20_000, 20_000.0)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let r = 0.5134171190  // exp(-1 / 1.5)
    #expect(abs(mean + 0.4 * r) < 0.02, "\(mean)")
    #expect(abs(variance - (1 - r * r)) < 0.02, "\(variance)")
  }

  @Test(arguments: [(1, 1), (1, 7), (5, 2), (17, 9)])
  func anySizeWorks(width: Int, height: Int) throws {
    let simulation = try SequentialGaussianSimulation(
      Self.model, width: width, height: height, seed: 1)
    let fields = fields(simulation, count: 2)
    #expect(fields[0].count == width * height && fields[0].allSatisfy(\.isFinite))
    #expect(fields[0] != fields[1])
  }

  @Test func mapsThatWouldFillTheMemoryAreRefused() {
    #expect(throws: GeostatisticsError.self) {
      try SequentialGaussianSimulation(Self.model, width: 4096, height: 4096, seed: 1)
    }
  }
}
