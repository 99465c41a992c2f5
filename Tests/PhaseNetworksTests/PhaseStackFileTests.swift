#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO
  import TestSupport
  import Testing

  @testable import PhaseNetworks

  /// MintPy's stacks in and out.
  @Suite struct PhaseStackFileTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private static let (height, width) = (12, 18)

    private func stack(coherenceShape: [Int]? = nil) throws -> String {
      let path = folder.file("ifgramStack.h5")
      let count = Self.height * Self.width
      var phases: [Float] = []
      for slope in [0.7, -1.1] as [Float] {
        for pixel in 0..<count {
          let column = pixel % Self.width
          phases.append(column == 0 ? 0 : wrapped(Float(column) * slope))
        }
      }
      let shape = [2, Self.height, Self.width]
      let given = coherenceShape ?? shape
      _ = try HDF5FileWriter(
        path: path,
        layout: HDF5Layout(
          attributes: ["FILE_TYPE": "ifgramStack", "WAVELENGTH": "0.055"],
          datasets: [
            .init(
              name: "date", shape: [2, 2],
              content: .texts(["20200101", "20200113", "20200113", "20200125"])),
            .init(name: "bperp", shape: [2], content: .floats([10, -20])),
            .init(name: "dropIfgram", shape: [2], content: .booleans([true, false])),
            .init(name: "unwrapPhase", shape: shape, content: .floats(phases)),
            .init(
              name: "coherence", shape: given,
              content: .floats([Float](repeating: 0.7, count: given.reduce(1, *)))),
          ]))
      return path
    }

    @Test func aStackKeepsItsDatesAndIsCongruent() throws {
      let path = try stack()
      #expect(PhaseStackFile.isOne(path))
      let file = try PhaseStackFile(path)
      #expect(file.interferograms == 2 && file.hasCoherence)
      let processor = try PhaseProcessingTests.processor()
      let out = folder.file("out.h5")
      var done = 0
      try file.write(to: out, network: "sha") { phase, coherence in
        #expect(phase.count { $0.isNaN } == Self.height)
        return try processor.process(
          phase, coherence: coherence, width: Self.width, height: Self.height)
      } progress: {
        done = $0
      }
      #expect(done == 2)
      let (before, after) = (try HDF5Reader(path), try HDF5Reader(out))
      #expect(try after.texts("date") == before.texts("date"))
      #expect(try after.values("bperp") == [10, -20] && after.values("dropIfgram") == [1, 0])
      #expect(
        after.attributes["WAVELENGTH"] == "0.055" && after.attributes["PHASE_NETWORK"] == "sha")
      for item in 0..<2 {
        let wrapped = try before.plane("unwrapPhase", item: item)
        let unwrapped = try after.plane("unwrapPhase", item: item)
        for (a, b) in zip(unwrapped, wrapped) {
          let turns = (Double(a) - Double(b)) / (2 * .pi)
          #expect(abs(turns - turns.rounded()) * 2 * .pi < 1e-4)
        }
        #expect(try after.plane("coherence", item: item) == before.plane("coherence", item: item))
      }
    }

    @Test func aCoherenceOfAnotherShapeIsAnError() throws {
      let path = try stack(coherenceShape: [2, Self.height, Self.width + 1])
      #expect(throws: PhaseNetworkError.self) { try PhaseStackFile(path) }
    }

    @Test func otherFilesAreNoStacks() throws {
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("a.h5")))
      #expect(!PhaseStackFile.isOne(folder.file("a.h5")))
      #expect(!PhaseStackFile.isOne(folder.file("missing.h5")))
    }
  }
#endif
