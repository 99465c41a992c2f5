import Foundation
import RasterIO
import TestSupport
import Testing

@testable import StackFiles

/// The shards as other programs, or another part of this one, read them.
struct ShardReadersTests {
  private func write(_ format: SampleFormat, to output: String) throws {
    try SampleExport(format: format, output: output, count: 3, shardBytes: 125)
      .run(job: ["seed": 1], sample: sample)
  }

  @Test(.enabled(if: Python.has("numpy"), "needs python3 with numpy"))
  func tarfileAndNumPyReadAWebDataset() throws {
    let folder = try TemporaryFolder()
    try write(.webdataset, to: folder.file("out"))
    let text = try Python.run(
      """
      import io, json, sys, tarfile, numpy as np
      with tarfile.open(sys.argv[1]) as tar:
        for member in tar:
          data = tar.extractfile(member).read()
          if member.name.endswith(".json"): print(json.loads(data)["index"])
          else:
            a = np.load(io.BytesIO(data)); print(member.name, a.dtype, a.shape, float(np.nansum(a)))
      """, folder.file("out/shard-000000.tar"))
    #expect(
      text == """
        00000000.rate.npy float32 (3, 4) 66.0
        00000000.years.npy float32 (3,) 0.375
        0
        00000001.rate.npy float32 (3, 4) 1166.0
        00000001.years.npy float32 (3,) 3.375
        1

        """)
  }

  @Test(.enabled(if: Python.has("zarr, xarray"), "needs python3 with zarr and xarray"))
  func zarrAndXarrayReadTheStore() throws {
    let folder = try TemporaryFolder()
    try write(.zarr, to: folder.file("out"))
    let text = try Python.run(
      """
      import json, sys, zarr, xarray, numpy as np
      z = zarr.open_group(sys.argv[1], mode="r")
      print(z["rate"].shape, z["rate"].chunks, float(z["rate"][2, 1, 2]), np.isnan(z["rate"][1, 0, 0]))
      print(json.loads(z["metadata"][2])["place"])
      d = xarray.open_zarr(sys.argv[1])
      print(dict(d.sizes), d.rate.attrs["units"], float(d.rate[2, 2, 3]))
      """, folder.file("out"))
    #expect(
      text == """
        (3, 3, 4) (1, 3, 4) 206.0 True
        Überall
        {'sample': 3, 'row': 3, 'column': 4, 'years_0': 3} cm/yr 211.0

        """)
  }

  @Test func zarrChunksAndTheirDescriptionAgree() throws {
    let folder = try TemporaryFolder()
    try write(.zarr, to: folder.file("out"))
    let files = try tree(folder.file("out"))
    let description = try JSONSerialization.jsonObject(with: #require(files["rate/.zarray"]))
    let entries = try #require(description as? [String: Any])
    #expect(entries["shape"] as? [Int] == [3, 3, 4])
    #expect(entries["chunks"] as? [Int] == [1, 3, 4])
    #expect(entries["dtype"] as? String == "<f4")
    for index in 0..<3 {
      #expect(files["rate/\(index).0.0"]?.count == 48)
      #expect(files["years/\(index).0"]?.count == 12)
    }
    #expect(files["rate/3.0.0"] == nil)
    var expected = Data()
    expected.append(littleEndian: try sample(2).arrays[0].array.values)
    #expect(files["rate/2.0.0"] == expected)
    // vlen-utf8: two texts, the second one empty because the job ends.
    let chunk = try #require(files["metadata/1"])
    #expect(chunk.prefix(4) == Data([2, 0, 0, 0]))
    #expect(chunk.suffix(4) == Data([0, 0, 0, 0]))
  }

  @Test func npyShardsAreArraysOfSamples() throws {
    let folder = try TemporaryFolder()
    try write(.npy, to: folder.file("out"))
    let array = try NpyArray.read(folder.file("out/shard-000001/rate.npy"))
    #expect(array.shape == [1, 3, 4])
    #expect(try array.values == sample(2).arrays[0].array.values)
    let data = try #require(
      FileManager.default.contents(atPath: folder.file("out/shard-000000/samples.json")))
    let list = try JSONDecoder().decode([[String: String]].self, from: data)
    #expect(list.map { $0["index"] } == ["0", "1"])
  }

  #if GDAL
    @Test func hdf5ShardsAreArraysOfSamples() throws {
      let folder = try TemporaryFolder()
      try write(.hdf5, to: folder.file("out"))
      let file = try HDF5Reader(folder.file("out/shard-000000.h5"))
      #expect(file.shapes["rate"] == [2, 3, 4])
      #expect(try file.values("years") == (0..<2).flatMap { try sample($0).arrays[1].array.values })
      #expect(try file.plane("rate", item: 0) == sample(0).arrays[0].array.values)
      #expect(try file.plane("rate", item: 1)[0].isNaN)
      #expect(try file.texts("metadata") == (0..<2).map { try sample($0).metadata })
    }
  #endif
}
