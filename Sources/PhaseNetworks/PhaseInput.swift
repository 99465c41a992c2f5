import DurableFiles
import Kernel
import RasterIO

/// An interferogram to process: the file of its phase, and that of its coherence, given or found.
package struct PhaseInput: Sendable, Equatable {
  package var path: String
  package var coherence: String?
  /// Whether the coherence was found by its name.
  package var isCoherenceFound = false
  /// The name of the results, without ending.
  package var name: String
  /// The folder of the results below the output; `nil`: the output itself.
  package var folder: String?

  /// The value of `--coherence` that keeps the program from looking for one.
  package static let noCoherence = "none"

  /// The interferograms that arguments name.
  ///
  /// An argument is a file; or a folder of HyP3, LiCSAR or LiCSBAS; or a folder of such folders, whose
  /// other files (`metadata.txt`, `EQA.dem_par` ...) belong to the results.
  /// - Parameter coherences: for each argument, or none; `none` as a value means without.
  /// - Returns: the interferograms, and the files that are copied beside the results.
  /// - Throws: `PhaseNetworkError.interferogram`.
  package static func resolve(_ arguments: [String], coherences: [String]) throws
    -> (inputs: [PhaseInput], companions: [String])
  {
    var inputs: [PhaseInput] = []
    var companions: [String] = []
    for (number, argument) in arguments.enumerated() {
      let given = coherences.isEmpty ? nil : coherences[number]
      guard FileSystem.isFolder(argument) else {
        inputs.append(PhaseInput(argument, coherence: given))
        continue
      }
      let found = try PhaseFolder(argument)
      if let given, given != noCoherence {
        throw PhaseNetworkError.interferogram(
          path: argument, reason: "it is a folder, whose coherence is found by its name",
          remedy: "Leave out \(OptionName.coherence), or give \(OptionName.coherence(noCoherence))."
        )
      }
      inputs += found.phases.map { PhaseInput($0, coherence: given) }
      companions += found.companions
    }
    try separate(&inputs)
    return (inputs, companions)
  }

  private init(_ path: String, coherence: String?) {
    self.path = path
    let file = FilePath.name(path)
    name = FlatName(path).stem
    for ending in ProductName.licsarPhases + ProductName.hyp3Phases where file.hasSuffix(ending) {
      name = String(file.dropLast(ending.count))
      folder = name
    }
    if file == "\(name).unw", PhaseFolder.isPair(name) { folder = name }
    switch coherence {
    case Self.noCoherence: break
    case let given?: self.coherence = given
    case nil:
      self.coherence = Self.coherenceNames(file, name).lazy.map { FilePath.sibling(path, $0) }
        .first { $0 != path && FileSystem.exists($0) }
      isCoherenceFound = self.coherence != nil
    }
  }

  /// Names of the coherence in the layouts that have one.
  private static func coherenceNames(_ file: String, _ stem: String) -> [String] {
    if ProductName.hyp3Phases.contains(where: file.hasSuffix) { return ["\(stem)_corr.tif"] }
    if ProductName.licsarPhases.contains(where: file.hasSuffix) { return ["\(stem).geo.cc.tif"] }
    guard !["tif", "tiff", "npy", "h5", "grd", "nc"].contains(FilePath.fileExtension(file)) else {
      return []
    }
    let name = FlatName(file)
    return [name.file("cor"), name.file("cc")]
  }

  /// Gives interferograms of one name (`filt_fine.int` of each pair) the folders of their parents.
  private static func separate(_ inputs: inout [PhaseInput]) throws {
    func place(_ input: PhaseInput) -> String { "\(input.folder ?? "")/\(input.name)" }
    let counts = Dictionary(grouping: inputs, by: place).mapValues(\.count)
    for index in inputs.indices where counts[place(inputs[index])]! > 1 {
      inputs[index].folder = FilePath.name(FilePath.folder(FilePath.absolute(inputs[index].path)))
    }
    if let twice = Dictionary(grouping: inputs, by: place).values.first(where: { $0.count > 1 }) {
      throw PhaseNetworkError.interferogram(
        path: twice[0].path, reason: "\(twice[1].path) has the same name and folder",
        remedy: "Process them into different folders.")
    }
  }
}

/// A folder of interferograms in a layout that is known by its names.
struct PhaseFolder {
  private(set) var phases: [String] = []
  /// Files that describe all of them.
  private(set) var companions: [String] = []

  /// Whether a name is that of a pair of dates, `20200101_20200113`.
  static func isPair(_ name: String) -> Bool { name.wholeMatch(of: /\d{8}_\d{8}/) != nil }

  /// - Throws: `PhaseNetworkError.interferogram` if there are none.
  init(_ folder: String) throws {
    let folder = FilePath.trimmed(folder)
    let names = try FileSystem.names(in: folder).sorted()
    if let stack = ["ifgramStack.h5", "inputs/ifgramStack.h5"].map({ "\(folder)/\($0)" })
      .first(where: FileSystem.exists)
    {
      phases = [stack]
    } else if let own = Self.phase(in: folder, names) {
      phases = [own]
    } else {
      for name in names where FileSystem.isFolder("\(folder)/\(name)") {
        let inner = "\(folder)/\(name)"
        if let phase = Self.phase(in: inner, try FileSystem.names(in: inner).sorted()) {
          phases.append(phase)
        }
      }
      if phases.contains(where: { Self.isPair(FilePath.name(FilePath.folder($0))) }) {
        companions = names.map { "\(folder)/\($0)" }.filter {
          !FileSystem.isFolder($0) && !FilePath.name($0).hasPrefix(".")
        }
      }
    }
    guard !phases.isEmpty else {
      throw PhaseNetworkError.interferogram(
        path: folder,
        reason: "it is a folder without interferograms of LiCSAR, LiCSBAS or HyP3 and without "
          + "ifgramStack.h5",
        remedy: "Name the files of the interferograms.")
    }
  }

  /// The phase in the folder of one interferogram.
  private static func phase(in folder: String, _ names: [String]) -> String? {
    for ending in ProductName.hyp3Phases {
      if let name = names.first(where: { $0.hasSuffix(ending) }) { return "\(folder)/\(name)" }
    }
    let pair = FilePath.name(FilePath.absolute(folder))
    guard isPair(pair) else { return nil }
    return (ProductName.licsarPhases + [".unw"]).map { pair + $0 }.first(where: names.contains)
      .map { "\(folder)/\($0)" }
  }
}
