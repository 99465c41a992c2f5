import DurableFiles
import Rasters

#if GDAL
  import Foundation
  import DurableFiles
  import Synchronization

  /// Opens the files that GDAL or HDF5 read. After `contain` was called this happens in a child
  /// process, so that a file on which a library crashes, hangs or uses all memory is only an error
  /// for that file.
  public enum ForeignFiles {
    private static let child = Mutex<ContainedProcess?>(nil)

    /// Starts the child process. An executable calls this at its start, while it has a single
    /// thread; without it, as in tests, files are read in this process.
    public static func contain() {
      let process = ContainedProcess { question in answer(question) }
      child.withLock { $0 = process }
    }

    /// The id of the child process that read the last file; `nil` if it was read in this process.
    public static var childProcess: Int32? { child.withLock { $0 }?.workerID }

    enum Question: Codable, Sendable {
      case raster(path: String, options: RasterReadOptions, readsLengths: Bool)
      case contents(path: String)
      case plane(path: String, dataset: HDF5File.Dataset, item: Int, rows: Range<Int>?)
      case values(path: String, dataset: HDF5File.Dataset)
      case texts(path: String, dataset: HDF5File.Dataset)

      var path: String {
        switch self {
        case .raster(let path, _, _), .contents(let path), .plane(let path, _, _, _),
          .values(let path, _), .texts(let path, _):
          path
        }
      }
    }

    /// The answer about a file. `values` holds the numbers of a raster or a dataset, and is sent
    /// separately.
    struct Reply: Codable, Sendable {
      var scene: SceneHead?
      var contents: HDF5Contents?
      var texts: [String]?
      var error: RasterError?
      var values: [Float] = []

      private enum CodingKeys: CodingKey { case scene, contents, texts, error }
    }

    /// A scene without its values.
    struct SceneHead: Codable, Sendable {
      var width: Int
      var height: Int
      var unit: RasterUnit?
      var georeference: Georeference?
      var description: RasterDescription
    }

    /// - Throws: `RasterError`; `RunError.interrupted` while a child process reads.
    static func ask(_ question: Question) throws -> Reply {
      let process = child.withLock { $0 }
      guard let process else { return try answerHere(question) }
      do {
        let answer = try process.ask(encoder.encode(question), limits: limits(for: question.path))
        var reply = try decoder.decode(Reply.self, from: answer.data)
        if let error = reply.error { throw error }
        reply.values = answer.values
        return reply
      } catch let failure as ContainedProcess.Failure {
        throw RasterError.malformed(
          path: question.path, reason: "the library that reads it \(failure)")
      }
    }

    static func scene(_ path: String, options: RasterReadOptions) throws -> RasterScene {
      // .npy files are read without GDAL and HDF5.
      if path.hasSuffix(".npy") || child.withLock({ $0 == nil }) {
        return try RasterReader.readHere(path, options: options)
      }
      let reply = try ask(
        .raster(path: path, options: options, readsLengths: options.readsLengths))
      guard let head = reply.scene, reply.values.count == head.width * head.height else {
        throw RasterError.malformed(path: path, reason: "it was not read whole")
      }
      return RasterScene(
        raster: Raster(
          width: head.width, height: head.height, values: reply.values, unit: head.unit,
          georeference: head.georeference), description: head.description)
    }

    // MARK: - In the child process

    private static func answer(_ question: Data) -> ContainedProcess.Answer {
      var reply = Reply()
      do {
        let question = try decoder.decode(Question.self, from: question)
        do {
          reply = try answerHere(question)
        } catch let error as RasterError {
          reply.error = error
        } catch {
          reply.error = .malformed(path: question.path, reason: "\(error)")
        }
        return .init(data: try encoder.encode(reply), values: reply.values)
      } catch {
        return .init(data: Data())
      }
    }

    private static func answerHere(_ question: Question) throws -> Reply {
      var reply = Reply()
      switch question {
      case .raster(let path, let given, let readsLengths):
        var options = given
        options.readsLengths = readsLengths
        let scene = try RasterReader.readHere(path, options: options)
        let raster = scene.raster
        reply.scene = SceneHead(
          width: raster.width, height: raster.height, unit: raster.unit,
          georeference: raster.georeference, description: scene.description)
        reply.values = raster.values
      case .contents(let path):
        reply.contents = try NativeLibrary.exclusively { try HDF5File(path).contents() }
      case .plane(let path, let dataset, let item, let rows):
        reply.values = try NativeLibrary.exclusively {
          try HDF5File(path).readPlane(dataset, item: item, rows: rows)
        }
      case .values(let path, let dataset):
        reply.values = try NativeLibrary.exclusively { try HDF5File(path).readAll(dataset) }
      case .texts(let path, let dataset):
        reply.texts = try NativeLibrary.exclusively { try HDF5File(path).readTexts(dataset) }
      }
      return reply
    }

    // MARK: - Limits

    /// Enough memory and time for a file that `MemoryRule` allows, decoded and uncompressed.
    private static func limits(for path: String) -> ContainedProcess.Limits {
      let bytes = FileSizes.total(ofRaster: path)
      return .init(
        processorSeconds: 6 + bytes / (1 << 20),
        memoryBytes: max(5 << 28, bytes < Int.max / 16 ? 12 * bytes : Int.max / 2))
    }

    // Non-finite numbers occur in damaged files and in options.
    private static var encoder: JSONEncoder {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return encoder
    }
    private static var decoder: JSONDecoder {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return decoder
    }
  }
#endif
