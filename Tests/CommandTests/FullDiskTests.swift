import Foundation
import RasterIO
import TestSupport
import Testing

/// A file system of one megabyte, where the tests run as root.
private final class TinyDisk {
  let folder: TemporaryFolder
  let path: String

  init?() {
    guard getuid() == 0, let folder = try? TemporaryFolder() else { return nil }
    self.folder = folder
    path = folder.file("disk")
    mkdir(path, 0o755)
    guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else { return nil }
  }
  deinit { umount(path) }

  static let isPossible = TinyDisk() != nil
}

@Suite(
  .enabled(
    if: CommandRunner.isBuilt && TinyDisk.isPossible, "needs root, tmpfs and the built command"),
  .serialized)
struct FullDiskTests {
  /// Names of half-written files left on the disk.
  private func debris(_ path: String) -> [String] {
    (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? [])
      .filter { $0.contains(".part-") }
  }

  @Test func prepareSaysSoAndLeavesNothing() throws {
    let disk = try #require(TinyDisk())
    let folder = try TemporaryFolder()
    let scene = folder.file("big.npy")
    try NpyArray(shape: [600, 600], values: (0..<360_000).map { sinf(Float($0) / 999) * 9 })
      .write(to: scene)
    let outcome = try CommandRunner.run(
      "prepare", scene, "--unit", "cm/yr", "-o", "\(disk.path)/dataset")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
  }

  @Test(arguments: [[], ["--format", "mintpy"], ["--samples", "zarr"], ["--samples", "hdf5"]])
  func composeSaysSoAndLeavesNothingHalf(options: [String]) throws {
    if !RasterFormat.h5.isAvailable && (options.last == "mintpy" || options.last == "hdf5") {
      return
    }
    let disk = try #require(TinyDisk())
    let folder = try TemporaryFolder()
    let rate = folder.file("rate.npy")
    try NpyArray(shape: [200, 200], values: (0..<40_000).map { sinf(Float($0) / 999) * 9 })
      .write(to: rate)
    let (process, outputs) = try CommandRunner.start(
      ["compose", rate, "--unit", "cm/yr", "-o", "\(disk.path)/out"] + options)
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    #expect(debris(disk.path).isEmpty)
    let isDataset = options.first == "--samples"
    #expect(FileManager.default.fileExists(atPath: "\(disk.path)/out") == isDataset)
  }

  @Test func trainKeepsWhatItHadAndSaysSo() throws {
    let disk = try #require(TinyDisk())
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let outcome = try CommandRunner.run(
      "train", dataset, "-o", "\(disk.path)/runs", "--config", CommandRunner.smoke, "--set",
      "data.patchesPerEpoch=4", "--set", "epochs=40")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    #expect(debris(disk.path).isEmpty)
  }

  @Test func generateSaysSoAndLeavesWholeFiles() throws {
    let disk = try #require(TinyDisk())
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let run = try CommandRunner.run(
      "train", dataset, "-o", folder.file("runs"), "--config", CommandRunner.smoke)
    #expect(run.code == 0, "\(run.errors)")
    let outcome = try CommandRunner.run(
      "generate", run.output.trimmingCharacters(in: .newlines), "-o", "\(disk.path)/maps",
      "--count", "200")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
    #expect(debris(disk.path).isEmpty)
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(disk.path)/maps")
    where name.hasSuffix(".npy") {
      #expect(try NpyArray.read("\(disk.path)/maps/\(name)").shape == [64, 64])
    }
  }
}
