// swift-tools-version: 6.1
import PackageDescription

// The targets, from the bottom up; docs/architecture.md says what lives in each, and `make graph` checks it.
// Only `CTorch` needs LibTorch: GANINSAR_TORCH=0 leaves out everything that stands on it.
let withTorch = Context.environment["GANINSAR_TORCH"] != "0"

// What `make` passes on for `--version`. Context.gitInformation would keep an old commit, since SwiftPM
// evaluates this file again only if it or the environment changed.
let commit = Context.environment["GANINSAR_COMMIT"] ?? ""

let gdal: TargetDependencyCondition? = .when(traits: ["GDAL"])
let cairo: TargetDependencyCondition? = .when(traits: ["Cairo"])
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

// The server of `ganinsar studio`, which needs LibTorch: builds without it do not fetch it.
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"],
    exclude: (withFixtures.contains(name) ? ["Fixtures"] : [])
      + (withGolden.contains(name) ? ["Golden"] : []))
}
/// Test targets whose fixtures are read by path.
let withFixtures: Set = [
  "TorchNNTests", "GANModelTests", "FeatureMetricsTests", "InceptionFeaturesTests",
  "InSARPhaseTests", "SimulatorsTests", "RateInversionTests",
  "NeighborEmbeddingTests", "DeformationStatisticsTests", "RasterIOTests", "PicturesTests",
  "PhaseNetworksTests",
]
/// Test targets with golden files.
let withGolden: Set = ["CommandTests", "EvaluationPageTests"]

// MARK: - Without LibTorch

let light: [Target] = [
  .target(name: "CContainment"),
  .target(name: "CDigest"),
  .target(name: "CPhaseLoops"),
  .target(name: "CPatternScan"),
  .target(name: "CVersion"),
  .target(
    name: "CCommit",
    cSettings: commit.isEmpty ? [] : [.define("GANINSAR_COMMIT", to: "\"\(commit)\"")]),
  .target(name: "CZlib", linkerSettings: [.linkedLibrary(":libz.so.1")]),
  .systemLibrary(name: "CGDAL", pkgConfig: "gdal", providers: [.apt(["libgdal-dev"])]),
  .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
  .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),

  module("Kernel"),
  module("DurableFiles", ["Kernel", "CContainment", "CDigest", "CVersion"]),
  module("Settings", ["Kernel", "DurableFiles", "Yams"]),
  module("RunSupport", ["Kernel", "DurableFiles", "Settings", logging]),
  module("Rasters", ["Kernel"]),
  module(
    "Pictures",
    ["Kernel", "CZlib", "DurableFiles", "Rasters", .target(name: "CCairo", condition: cairo)]),
  module(
    "RasterIO",
    [
      "Kernel", "DurableFiles", "Rasters", "Pictures", .target(name: "CGDAL", condition: gdal),
      .target(name: "CHDF5", condition: gdal),
    ]),
  module("InSARPhase", ["Kernel", "CPhaseLoops"]),
  module("RateInversion", ["Kernel", "DurableFiles", "InSARPhase"]),
  module("Geostatistics", ["Kernel", "CPatternScan"]),
  module("Simulators", ["Kernel", "DurableFiles", "Rasters", "InSARPhase", "Geostatistics"]),
  module(
    "StackFiles",
    ["Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "RasterIO", "InSARPhase"]),
  module("Datasets", ["Kernel", "DurableFiles", "RunSupport", "Rasters", "RasterIO"]),
  module("Patches", ["Kernel", "DurableFiles", "Settings", "Rasters", "RasterIO", "Datasets"]),
  module("DeformationStatistics", ["Kernel", "InSARPhase"]),
  module("NeighborEmbedding", ["Kernel", "DurableFiles"]),
  module(
    "Jobs",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "Pictures", "RasterIO",
      "InSARPhase", "RateInversion", "Geostatistics", "Simulators", "StackFiles", "Datasets",
      "Patches", "DeformationStatistics",
    ]),
  module("FeatureMetrics", ["Kernel", "DurableFiles"]),
  module(
    "Evaluation",
    [
      "Kernel", "DurableFiles", "Rasters", "Pictures", "RasterIO", "InSARPhase", "Patches",
      "DeformationStatistics", "NeighborEmbedding", "FeatureMetrics",
    ]),
  .target(
    name: "HTMLReport", dependencies: ["Kernel", "DurableFiles"],
    resources: [.embedInCode("Page")]),
  module(
    "EvaluationPage",
    [
      "Kernel", "DurableFiles", "Rasters", "Pictures", "InSARPhase", "Patches",
      "DeformationStatistics", "HTMLReport", "FeatureMetrics", "Evaluation",
    ]),

  module(
    "Commands",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "RasterIO", "InSARPhase",
      "RateInversion", "Simulators", "StackFiles", "Datasets", "Patches", "NeighborEmbedding",
      "Pictures", "Jobs", "HTMLReport", "Evaluation", "EvaluationPage", argumentParser,
    ]),
  .executableTarget(name: "ganinsar", dependencies: ["Commands", argumentParser]),
  .executableTarget(
    name: "ganinsar-bench-samples",
    dependencies: ["Kernel", "DurableFiles", "InSARPhase", argumentParser]),

  // What users import with one line: docs/library.md.
  module("InSARSimulation", ["Kernel", "InSARPhase", "RateInversion", "Simulators"]),
  module("RateMapIO", ["Rasters", "RasterIO", "StackFiles", "Datasets"]),
  module(
    "RateMapEvaluation",
    ["DeformationStatistics", "NeighborEmbedding", "FeatureMetrics", "Evaluation"]),

  .target(name: "TestSupport", dependencies: ["Rasters"], path: "Tests/TestSupport"),
  .target(name: "PhaseTestSupport", dependencies: ["InSARPhase"], path: "Tests/PhaseTestSupport"),
  .target(
    name: "EvaluationTestSupport",
    dependencies: ["Kernel", "RasterIO", "FeatureMetrics", "TestSupport"],
    path: "Tests/EvaluationTestSupport"),
  tests("KernelTests", ["Kernel"]),
  tests("DurableFilesTests", ["Kernel", "DurableFiles", "RunSupport"]),
  tests("SettingsTests", ["Settings", "DurableFiles", "Kernel"]),
  tests("RunSupportTests", ["DurableFiles", "RunSupport"]),
  tests("RastersTests", ["Rasters"]),
  tests("PicturesTests", ["Rasters", "Pictures", "RasterIO"]),
  tests(
    "RasterIOTests",
    [
      "DurableFiles", "Rasters", "RasterIO", "Datasets", .target(name: "CGDAL", condition: gdal),
      .target(name: "CHDF5", condition: gdal),
    ]),
  tests("InSARPhaseTests", ["Kernel", "InSARPhase", "PhaseTestSupport"]),
  tests("RateInversionTests", ["RateInversion", "InSARPhase", "Kernel"]),
  tests("GeostatisticsTests", ["Kernel", "Geostatistics"]),
  tests(
    "SimulatorsTests",
    [
      "Kernel", "Rasters", "InSARPhase", "Geostatistics", "Simulators", "Jobs", "PhaseTestSupport",
    ]),
  tests("StackFilesTests", ["RunSupport", "RasterIO", "StackFiles"]),
  tests(
    "PatchesTests",
    ["Kernel", "DurableFiles", "Rasters", "RasterIO", "Datasets", "Patches", "Jobs"]),
  tests("DeformationStatisticsTests", ["DeformationStatistics", "Kernel"]),
  tests("NeighborEmbeddingTests", ["NeighborEmbedding", "Kernel"]),
  tests(
    "JobsTests",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "RasterIO", "InSARPhase",
      "RateInversion", "Simulators", "StackFiles", "Jobs",
    ]),
  tests("FeatureMetricsTests", ["Kernel", "DurableFiles", "FeatureMetrics"]),
  tests(
    "EvaluationTests",
    [
      "Kernel", "Settings", "Rasters", "Pictures", "RasterIO", "InSARPhase", "Patches",
      "FeatureMetrics", "Evaluation", "EvaluationTestSupport",
    ]),
  tests("HTMLReportTests", ["HTMLReport", "DurableFiles"]),
  tests(
    "EvaluationPageTests",
    [
      "Kernel", "Settings", "RasterIO", "InSARPhase", "Patches", "HTMLReport", "FeatureMetrics",
      "Evaluation", "EvaluationPage",
    ]),
]

// MARK: - With LibTorch

// LibTorch is looked for in $LIBTORCH (a folder with include/ and lib/), else where
// scripts/setup.sh puts it.
let givenTorch = Context.environment["LIBTORCH"] ?? ""
let torch = givenTorch.isEmpty ? "\(Context.packageDirectory)/.deps/libtorch/torch" : givenTorch

let heavy: [Target] = [
  // The one target with unsafe flags: products that do not need LibTorch can be versioned dependencies.
  .target(
    name: "CTorch",
    cxxSettings: [
      .unsafeFlags([
        "-isystem", "\(torch)/include", "-isystem", "\(torch)/include/torch/csrc/api/include",
      ]),
      .headerSearchPath("gloo-declarations"),
      .define("AT_PER_OPERATOR_HEADERS"),
      .define("NDEBUG"),  // LibTorch's debug-only asserts do not match its release libraries
    ],
    linkerSettings: [
      .unsafeFlags([
        "-L\(torch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(torch)/lib",
        // A bundled binary finds site-packages' layout beside itself.
        "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/torch/lib",
      ]),
      .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("m"),
    ]),
  module("TorchCore", ["CTorch", "Kernel", "DurableFiles"]),
  module("TorchNN", ["TorchCore"]),
  module(
    "TorchProcesses", ["Kernel", "DurableFiles", "RunSupport", "TorchCore", "TorchNN"]),
  module("GANModel", ["Kernel", "DurableFiles", "Rasters", "Patches", "TorchCore", "TorchNN"]),
  module(
    "GANTraining",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "Pictures", "RasterIO",
      "Datasets", "Patches", "TorchCore", "TorchNN", "TorchProcesses", "GANModel", logging,
    ]),
  module(
    "GANSampling",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "Pictures", "RasterIO",
      "Datasets", "Patches", "TorchCore", "GANModel",
    ]),
  module(
    "InceptionFeatures",
    [
      "Kernel", "DurableFiles", "Pictures", "TorchCore", "TorchNN", "FeatureMetrics", "Evaluation",
    ]),
  module(
    "NetworkRuns",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "TorchCore", "TorchNN", "TorchProcesses",
      logging,
    ]),
  module(
    "PhaseNetworks",
    [
      "Kernel", "DurableFiles", "RunSupport", "Rasters", "Pictures", "RasterIO", "InSARPhase",
      "StackFiles", "Jobs", "TorchCore", "TorchNN", "TorchProcesses", "GANModel", "NetworkRuns",
    ]),
  module(
    "FieldTraining",
    [
      "Kernel", "DurableFiles", "Rasters", "Datasets", "Patches", "TorchCore", "TorchNN",
      "TorchProcesses", "GANModel", "NetworkRuns",
    ]),
  module(
    "TorchCommands",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "Rasters", "RasterIO", "InSARPhase",
      "StackFiles", "Datasets", "Patches", "Jobs", "HTMLReport", "Commands", "TorchCore",
      "TorchProcesses", "GANModel", "GANTraining", "GANSampling", "NetworkRuns", "PhaseNetworks",
      "FieldTraining", "InceptionFeatures", "Evaluation",
      "EvaluationPage", "Studio", argumentParser,
    ]),
  module("RateMapGAN", ["TorchProcesses", "GANTraining", "GANSampling", "InceptionFeatures"]),
  .target(
    name: "Studio",
    dependencies: [
      "Kernel", "DurableFiles", "Settings", "Rasters", "Pictures", "RasterIO", "InSARPhase",
      "StackFiles", "Datasets", "Jobs", "TorchCore", "GANModel", "GANSampling", flyingFox,
      flyingSocks,
    ],
    resources: [.embedInCode("Page")]),
  .executableTarget(
    name: "example-generate", dependencies: ["RateMapGAN"], path: "Examples/GenerateMaps"),
  .executableTarget(
    name: "ganinsar-torch", dependencies: ["Commands", "TorchCommands", argumentParser]),
  .executableTarget(
    name: "ganinsar-bench",
    dependencies: [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "RasterIO", "Datasets",
      "Patches", "Commands", "TorchCore", "TorchNN", "TorchProcesses", "GANModel", "GANTraining",
      "FeatureMetrics",
      "Evaluation", "InceptionFeatures", argumentParser,
    ]),
  .executableTarget(
    name: "ganinsar-fuzz",
    dependencies: [
      "DurableFiles", "Settings", "Rasters", "Pictures", "RasterIO", "StackFiles", "Datasets",
      "Patches", "Jobs", "HTMLReport", "TorchCore", "GANModel", "GANTraining", "GANSampling",
      "InceptionFeatures", argumentParser, .target(name: "CGDAL", condition: gdal),
    ]),

  .target(
    name: "TorchTestSupport", dependencies: ["TorchCore"], path: "Tests/TorchTestSupport"),
  tests("TorchCoreTests", ["DurableFiles", "TorchCore", "TorchTestSupport"]),
  tests("TorchProcessesTests", ["RunSupport", "TorchCore", "TorchProcesses"]),
  tests("TorchNNTests", ["TorchNN", "TorchCore", "TorchTestSupport"]),
  tests(
    "GANModelTests",
    [
      "GANModel", "TorchNN", "TorchCore", "Patches", "Rasters", "DurableFiles", "Kernel",
      "TorchTestSupport",
    ]),
  tests(
    "GANTrainingTests",
    [
      "Kernel", "DurableFiles", "Settings", "RunSupport", "RasterIO", "Datasets", "Patches", "Jobs",
      "TorchCore", "TorchNN", "GANModel", "GANTraining",
    ]),
  tests(
    "GANSamplingTests",
    [
      "RunSupport", "Rasters", "RasterIO", "Datasets", "Patches", "TorchCore", "GANModel",
      "GANSampling",
    ]),
  tests(
    "StudioTests",
    [
      "Kernel", "Rasters", "RasterIO", "InSARPhase", "TorchCore", "GANSampling", "Studio",
    ]),
  tests(
    "PhaseNetworksTests",
    [
      "Kernel", "DurableFiles", "RunSupport", "Rasters", "RasterIO", "InSARPhase", "TorchCore",
      "TorchNN", "GANModel", "NetworkRuns", "PhaseNetworks", "TorchTestSupport",
    ]),
  tests(
    "NetworkRunsTests",
    [
      "Kernel", "DurableFiles", "RunSupport", "TorchCore", "TorchNN", "TorchProcesses",
      "NetworkRuns",
    ]),
  tests(
    "FieldTrainingTests",
    [
      "Kernel", "DurableFiles", "RunSupport", "RasterIO", "Datasets", "Patches", "Jobs",
      "TorchCore",
      "GANModel", "NetworkRuns", "FieldTraining",
    ]),
  tests(
    "InceptionFeaturesTests",
    [
      "Kernel", "DurableFiles", "Pictures", "RasterIO", "FeatureMetrics", "Evaluation",
      "EvaluationTestSupport", "TorchCore", "InceptionFeatures", "TorchTestSupport",
    ]),
  tests(
    "CommandTests",
    [
      "Kernel", "DurableFiles", "Rasters", "Pictures", "RasterIO", "Datasets", "Commands",
      "ganinsar", "ganinsar-torch", "ganinsar-bench", "ganinsar-bench-samples", "TorchCore",
      "GANSampling", "TorchTestSupport", argumentParser,
    ]),
]

// `make docs` only: nobody else has to fetch the plug-in.
let documentation: [Package.Dependency] =
  Context.environment["GANINSAR_DOCS"] == "1"
  ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")] : []

let package = Package(
  name: "ganinsar",
  products: [
    .library(name: "InSARSimulation", targets: ["InSARSimulation"]),
    .library(name: "RateMapIO", targets: ["RateMapIO"]),
    .library(name: "RateMapEvaluation", targets: ["RateMapEvaluation"]),
    .executable(name: "ganinsar", targets: ["ganinsar", "CCommit"]),
  ]
    + (withTorch
      ? [
        .library(name: "RateMapGAN", targets: ["RateMapGAN"]),
        .executable(name: "ganinsar-torch", targets: ["ganinsar-torch", "CCommit"]),
      ] : []),
  traits: [
    .trait(name: "GDAL", description: "Read and write geospatial rasters through GDAL and HDF5"),
    .trait(name: "Cairo", description: "Draw pictures, SVG and PDF with cairo and its fonts"),
    .default(enabledTraits: ["GDAL", "Cairo"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ]
    + (withTorch
      ? [.package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1"))]
      : [])
    + documentation,
  targets: light + (withTorch ? heavy : []),
  cxxLanguageStandard: .cxx17
)
