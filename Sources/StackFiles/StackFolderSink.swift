import DurableFiles
import Foundation
import InSARPhase
import RasterIO
import Settings

/// Writes the project's own layout: one folder per interferogram with one `.npy` per layer.
package struct StackFolderSink: StackSink {
  private let folder: String
  private let stack: StackDescription
  private(set) var manifest: StackManifest

  package init(_ stack: StackDescription, folder: String, manifest: StackManifest) throws {
    self.stack = stack
    self.folder = folder
    self.manifest = manifest
    for plane in stack.truth { try write(plane.values, to: "\(plane.name).npy") }
  }

  package mutating func add(_ interferogram: Interferogram) throws {
    let name = stack.network.name(stack.network.pairs[interferogram.index])
    try AtomicFolder.makeFolders("\(folder)/\(name)")
    for layer in stack.layers {
      try write(layer.values(interferogram), to: "\(name)/\(layer.name).npy")
    }
  }

  package mutating func finish() throws {
    let text = try OrderedJSON.text(of: manifest)
    try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(StackManifest.fileName)")
  }

  private mutating func write(_ values: [Float], to name: String) throws {
    let array = NpyArray(shape: [stack.geometry.height, stack.geometry.width], values: values)
    let data = array.encoded()
    manifest.checksums.append(.init(file: name, sha256: SHA256.hex(of: data)))
    let file = try FileWriter(path: "\(folder)/\(name)")
    try file.write(data)
  }
}
