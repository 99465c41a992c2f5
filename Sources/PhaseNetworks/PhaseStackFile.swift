import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters

#if GDAL
  /// MintPy's `ifgramStack.h5`, whose interferograms are filtered and unwrapped one after the other.
  package struct PhaseStackFile {
    private let file: HDF5Reader
    /// The dataset of phases: wrapped ones if there are any.
    private let dataset: String
    private let count: Int
    package let height: Int
    package let width: Int

    /// Whether the file is HDF5 with phases [interferograms, rows, columns].
    package static func isOne(_ path: String) -> Bool {
      guard path.hasSuffix(".h5"), let file = try? HDF5Reader(path) else { return false }
      return phases(file) != nil
    }

    private static func phases(_ file: HDF5Reader) -> String? {
      ["wrapPhase", "unwrapPhase"].first { file.shapes[$0]?.count == 3 }
    }

    /// - Throws: `RasterError`, `PhaseNetworkError.interferogram`.
    package init(_ path: String) throws {
      file = try HDF5Reader(path)
      guard let name = Self.phases(file), let shape = file.shapes[name],
        file.shapes["date"] != nil || file.allShapes["date"] != nil
      else {
        throw PhaseNetworkError.interferogram(
          path: path, reason: "it has no dates and phases [interferograms, rows, columns]",
          remedy: "Give MintPy's inputs/ifgramStack.h5.")
      }
      dataset = name
      (count, height, width) = (shape[0], shape[1], shape[2])
      if let coherence = file.shapes["coherence"], coherence != shape {
        throw PhaseNetworkError.interferogram(
          path: path, reason: "its coherence has the shape \(coherence), and '\(name)' \(shape)",
          remedy: "Load the stack again with MintPy's load_data.py.")
      }
    }

    package var interferograms: Int { count }
    package var hasCoherence: Bool { file.shapes["coherence"] != nil }

    /// Writes a stack of the same dates and attributes: `unwrapPhase` (congruent with the input),
    /// `wrapPhase` (filtered), `coherence`, `connectComponent` and `uncertainty` in rad. Pixels without
    /// data are 0, as in MintPy.
    ///
    /// - Parameter process: of one interferogram and its coherence.
    /// - Throws: `RunError.cannotWrite`, what reading and `process` throw.
    package func write(
      to path: String, network: String, process: ([Float], [Float]?) throws -> ProcessedPhase,
      progress: (Int) -> Void
    ) throws {
      var small: [HDF5Layout.Dataset] = [
        .init(
          name: "date", shape: file.allShapes["date"]!, content: .texts(try file.texts("date")))
      ]
      if let shape = file.shapes["bperp"] {
        small.append(
          .init(name: "bperp", shape: shape, content: .floats(try file.values("bperp"))))
      }
      if let shape = file.shapes["dropIfgram"] {
        small.append(
          .init(
            name: "dropIfgram", shape: shape,
            content: .booleans(try file.values("dropIfgram").map { $0 != 0 })))
      }
      let shape = [count, height, width]
      let names = ["unwrapPhase", "wrapPhase", "connectComponent", "uncertainty"]
      let layers = names.map { name in
        HDF5Layout.Dataset(
          name: name, shape: shape, content: .streamedFloats,
          attributes: ["UNIT": name == "connectComponent" ? "1" : "radian"])
      }
      let coherence =
        hasCoherence
        ? [
          HDF5Layout.Dataset(
            name: "coherence", shape: shape, content: .streamedFloats, attributes: ["UNIT": "1"])
        ] : []
      let attributes = file.attributes.merging(["PHASE_NETWORK": network]) { $1 }
      try AtomicFile.write(to: path) { temporary in
        let writer = try HDF5FileWriter(
          path: temporary, named: path,
          layout: HDF5Layout(attributes: attributes, datasets: small + layers + coherence))
        for item in 0..<count {
          try Interruption.check()
          let phase = try file.plane(dataset, item: item).map { $0 == 0 ? .nan : $0 }
          let given = try hasCoherence ? file.plane("coherence", item: item) : nil
          let result = try process(phase, given)
          let start = item * height * width
          func put(_ name: String, _ values: [Float]) throws {
            try writer.write(values.map { $0.isNaN ? 0 : $0 }, to: name, at: start)
          }
          try put("unwrapPhase", result.unwrappedRadians)
          try put("wrapPhase", result.filteredRadians)
          try put("connectComponent", result.regions.map { Float($0) })
          try put("uncertainty", result.uncertaintyRadians)
          if let given { try put("coherence", given) }
          progress(item + 1)
        }
      }
    }
  }
#endif
