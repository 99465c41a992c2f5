import Datasets
import DurableFiles
import Foundation
import RasterIO
import Rasters
import StackFiles

/// Rate maps named on a command line: rasters, and folders that `simulate` or `generate` wrote.
package struct RateMaps: Sendable {
  package struct Entry: Sendable, Equatable {
    package var path: String
    /// The file's name without its ending, with a number if the name is not unique.
    package var name: String
    /// Files of further quantities of the same ground.
    package var companions: [Quantity: String] = [:]

    /// All files of the map.
    package var files: [String] {
      [path] + Quantity.allCases.compactMap { companions[$0] }
    }
  }

  package private(set) var entries: [Entry]
  let reader: RateMapReader

  /// Assumptions about the maps loaded so far, one sentence each.
  package var notes: [String] { folderNotes + reader.notes.sentences }
  private var folderNotes: [String]

  /// - Throws: `StackIOError.badJob` for no path, or a folder without a raster; `RunError.cannotRead`.
  package init(_ paths: [String], options: RasterReadOptions = .init()) throws {
    var found: [Entry] = []
    var folderNotes: [String] = []
    for path in paths {
      if FileSystem.isFolder(path) {
        // A shard of a small job may be empty, but not the whole job.
        let folder = try RateMapFolder(path)
        guard !folder.files.isEmpty else {
          throw StackIOError.badJob(
            faults: [
              "\(path) contains no rate map (.tif, .tiff, .h5 or .npy): give a folder of rate maps"
            ])
        }
        folderNotes += folder.notes
        var own = folder.paths.map { Entry(path: $0, name: Self.stem($0)) }
        for quantity in folder.companions {
          let paths = try RateMapFolder(path, of: quantity).paths
          guard paths.map(Self.stem) == own.map(\.name) else {
            throw StackIOError.badJob(
              faults: [
                "\(path): its maps of \(quantity.words) are not those of its rates; give "
                  + "\(folder.path) for the rates alone"
              ])
          }
          for index in own.indices { own[index].companions[quantity] = paths[index] }
        }
        found += own
      } else {
        found.append(Entry(path: path, name: Self.stem(path)))
      }
    }
    guard !found.isEmpty else {
      throw StackIOError.badJob(faults: ["no rate map was given"])
    }
    var used: Set<String> = []
    for index in found.indices {
      let name = found[index].name
      var number = 1
      while !used.insert(found[index].name).inserted {
        number += 1
        found[index].name = "\(name)-\(number)"
      }
    }
    entries = found
    reader = RateMapReader(options: options)
    self.folderNotes = folderNotes
  }

  /// The maps with those of their further quantities that a composition takes and that `given` has no
  /// other source for: coherence and heights.
  func besides(_ given: StackComposition.Rasters) -> RateMaps {
    var copy = self
    for index in entries.indices {
      copy.entries[index].companions = entries[index].companions.filter { quantity, _ in
        switch quantity {
        case .coherence: given.coherence == nil
        case .height: given.height == nil && given.dem == nil
        case .rate, .atmosphere, .phaseDeviation: false
        }
      }
    }
    let used = Quantity.allCases.filter { quantity in
      copy.entries.contains { $0.companions[quantity] != nil }
    }
    if !used.isEmpty {
      copy.folderNotes.append(
        "each rate map gets the \(used.map(\.rawValue).joined(separator: " and ")) drawn with it.")
    }
    return copy
  }

  /// Rate map `index` in cm/yr, positive toward the satellite; NaN where it has no data.
  /// - Throws: `RasterError`, also for a raster that is not a rate, has infinite values or has no
  ///   data.
  package func load(_ index: Int) throws -> RateMap {
    let entry = entries[index]
    let map = try reader.read(entry.path)
    if map.description.infiniteCount > 0 {
      throw RasterError.infinite(path: entry.path, count: map.description.infiniteCount)
    }
    guard map.description.noDataCount < map.raster.values.count else {
      throw RasterError.noValidPixels(path: entry.path)
    }
    return map
  }

  private static func stem(_ path: String) -> String {
    FilePath.withoutExtension(FilePath.name(path))
  }
}
