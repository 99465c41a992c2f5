import DurableFiles
import Kernel
import Rasters

#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO

  extension StackSource {
    /// Opens MintPy's `ifgramStack.h5`, without the interferograms that `dropIfgram` excludes.
    ///
    /// Pixels of exactly 0 have no data, as in MintPy. If the sensor is missing or unknown, missing
    /// attributes of the geometry are those of Sentinel-1.
    static func openMintPy(_ path: String, dataset: String?) throws -> StackSource {
      let file = try HDF5Reader(path)
      let phase = try phaseDataset(file, asked: dataset)
      let shape = file.shapes[phase]!
      for other in ["coherence", "wrapPhase"] {
        try checkShape(of: other, in: file, like: phase)
      }
      let pairs = try MintPyPairs(file, count: shape[0])
      let attributes = file.attributes
      let place = try MintPyGeometry(file, height: shape[1], width: shape[2])
      // In this program, rows run from north to south.
      let isSouthUp = place.georeference.map { $0.geotransform[5] > 0 } ?? false

      let fill = MintPyGeometry.number(attributes, "NO_DATA_VALUE")
        .flatMap { $0 == 0 ? nil : Float($0) }
      let network = pairs.network
      let wrapped = dataset == nil && file.allShapes["wrapPhase"] != nil ? "wrapPhase" : phase
      var source = StackSource(
        path: path, network: network, geometry: place.geometry, phaseName: phase,
        read: { plane, index, rows, zeroIsData in
          // Unwrapped phases can replace wrapped ones, because whole cycles do not matter there.
          let name = plane == .coherence ? "coherence" : plane == .wrapped ? wrapped : phase
          guard plane != .unwrapped || name != "wrapPhase" || dataset != nil else {
            throw StackIOError.badStack(
              path: path, reason: "it has only wrapped phases",
              remedy: "Give \(OptionName.wrapped), or a file with the dataset 'unwrapPhase'.")
          }
          let item = pairs.items[index]
          let places =
            isSouthUp ? shape[1] - rows.upperBound..<shape[1] - rows.lowerBound : rows
          var values = try file.plane(name, item: item.index, rows: places)
          if isSouthUp { values = turned(values, width: shape[2]) }
          if let fill { values = values.map { $0 == fill ? .nan : $0 } }
          if plane == .coherence { return values }
          if let wrong = values.firstIndex(where: { abs($0) >= largestPhase && $0.isFinite }) {
            let (row, column) = wrong.quotientAndRemainder(dividingBy: shape[2])
            throw StackIOError.badStack(
              path: path,
              reason:
                "'\(name)' has \(values[wrong]) rad in \(network.name(network.pairs[index])) at row "
                + "\(rows.lowerBound + row), column \(column), which looks like no data",
              remedy: "State the value as the file's attribute NO_DATA_VALUE, or write 0 there.")
          }
          return values.map { $0 == 0 && !zeroIsData ? .nan : item.isReversed ? -$0 : $0 }
        })
      source.wrappedName = wrapped
      source.georeference = place.georeference
      if isSouthUp { source.georeference?.turn(rows: shape[1]) }
      source.sensor = MintPyGeometry.sensor(attributes)
      source.equivalentLooks = MintPyGeometry.looks(attributes)
      source.referencePixel = place.referencePixel(attributes).map { row, column in
        (isSouthUp ? shape[1] - 1 - row : row, column)
      }
      source.needsReference = true
      source.hasCoherence = file.allShapes["coherence"] != nil
      source.unknownBaselines = pairs.unknownBaselines
      source.notes = pairs.notes
      if dataset == nil, let others = otherPhases(file, than: phase) {
        source.phaseNotes.append(
          "the phases of '\(phase)' are used; the file has \(others) too: choose with \(OptionName.dataset)"
        )
      }
      source.geometryNotes = place.notes
      return source
    }

    /// The dataset of phases: the requested one, or else the one that MintPy corrected last.
    private static func phaseDataset(_ file: HDF5Reader, asked: String?) throws -> String {
      let planes = file.shapes.filter { $0.value.count == 3 }.keys
        .filter { !["coherence", "connectComponent"].contains($0) }.sorted()
      if let asked {
        guard planes.contains(asked) else {
          throw StackIOError.badStack(
            path: file.path,
            reason: "it has no dataset '\(asked)' of phases [interferograms, rows, columns]",
            remedy: planes.isEmpty
              ? "It has none at all." : "It has \(planes.joined(separator: ", ")).")
        }
        return asked
      }
      let preferred =
        [methodOfProject(file.path)].compactMap { $0 } + unwrappedNames + ["wrapPhase"]
      guard let found = preferred.first(where: { file.allShapes[$0] != nil }) else {
        throw StackIOError.badStack(
          path: file.path,
          reason: "it has no dataset 'unwrapPhase' [interferograms, rows, columns]",
          remedy: "Give MintPy's inputs/ifgramStack.h5.")
      }
      guard planes.contains(found) else {
        let shape = file.shapes[found].map { "has shape \($0)" } ?? "has no numbers"
        throw StackIOError.badStack(
          path: file.path,
          reason: "dataset '\(found)' \(shape); it needs numbers [interferograms, rows, columns]",
          remedy: "Give MintPy's inputs/ifgramStack.h5.")
      }
      return found
    }

    /// More than a thousand fringes: not a phase, but an undeclared no-data value.
    private static let largestPhase: Float = 9000

    /// Corrected phases first.
    private static let unwrappedNames = [
      "unwrapPhase_bridging_phaseClosure", "unwrapPhase_phaseClosure", "unwrapPhase_bridging",
      "unwrapPhase",
    ]

    private static func otherPhases(_ file: HDF5Reader, than phase: String) -> String? {
      let others = unwrappedNames.filter { $0 != phase && file.allShapes[$0] != nil }
      return others.isEmpty ? nil : others.joined(separator: ", ")
    }

    /// The dataset that MintPy would invert according to `smallbaselineApp.cfg` of the stack's
    /// project; `nil` without that file.
    private static func methodOfProject(_ path: String) -> String? {
      let folder = FilePath.folder(path)
      let prefix = folder.isEmpty ? "" : folder + "/"
      for name in ["smallbaselineApp.cfg", "../smallbaselineApp.cfg"] {
        guard let data = try? InputFile.read(prefix + name) else { continue }
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
          let parts = line.prefix { $0 != "#" }.split(separator: "=", maxSplits: 1)
            .map { $0.trimmingCharacters(in: .whitespaces) }
          guard parts.count == 2, parts[0] == "mintpy.unwrapError.method" else { continue }
          let method = parts[1].lowercased().filter { $0 != " " }
          return [
            "bridging": "unwrapPhase_bridging", "phase_closure": "unwrapPhase_phaseClosure",
            "bridging+phase_closure": "unwrapPhase_bridging_phaseClosure", "no": "unwrapPhase",
            "auto": "unwrapPhase",
          ][method]
        }
      }
      return nil
    }

    private static func checkShape(of name: String, in file: HDF5Reader, like phase: String) throws
    {
      guard file.allShapes[name] != nil, file.shapes[name] != file.shapes[phase] else { return }
      let found = file.shapes[name].map { "has shape \($0)" } ?? "has no numbers"
      throw StackIOError.badStack(
        path: file.path,
        reason: "dataset '\(name)' \(found), and '\(phase)' has shape \(file.shapes[phase] ?? [])",
        remedy: "Load the stack again with MintPy's load_data.py.")
    }

    /// The values with rows in the opposite order.
    private static func turned(_ values: [Float], width: Int) -> [Float] {
      stride(from: values.count - width, through: 0, by: -width).flatMap { values[$0..<$0 + width] }
    }
  }

  extension Georeference {
    /// Adjusts the georeference to rows in the opposite order.
    fileprivate mutating func turn(rows: Int) {
      geotransform[3] += geotransform[5] * Double(rows)
      geotransform[5] = -geotransform[5]
    }
  }
#endif
