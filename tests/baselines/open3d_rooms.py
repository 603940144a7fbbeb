"""Open3D's usual way to objects, to compare with: voxels, planes by RANSAC, clusters by DBSCAN.

    pip install open3d numpy
    python tests/baselines/open3d_rooms.py SUITE OUT     # for each room OUT/ROOM.labels, a u32 a point
    scanwise eval SUITE --instances --open3d OUT         # its column beside the others
    python tests/baselines/open3d_rooms.py --time SCAN.ply

Of five settings the one with the best F1 on eight homes of the val split.
"""

import sys
import time
from pathlib import Path

import numpy as np
import open3d

# Metres; the planes are as many as a room has sides, the largest first.
VOXEL_M, PLANE_M, MOST_PLANES, PLANE_SHARE = 0.03, 0.04, 6, 0.06
NEAR_M, NEAR_VOXELS, LEAST_POINTS = 0.05, 4, 100
open3d.utility.random.seed(0)


def labels_of(points):
    """For each point the number of its object, 0 for none."""
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
    low, high = cloud.get_min_bound() - VOXEL_M, cloud.get_max_bound() + VOXEL_M
    voxels, _, points_of_voxel = cloud.voxel_down_sample_and_trace(VOXEL_M, low, high)
    left = np.arange(len(voxels.points))
    for _ in range(MOST_PLANES):
        part = voxels.select_by_index(left)
        if len(left) < 1000:
            break
        _, inside = part.segment_plane(PLANE_M, 3, 500)
        if len(inside) < PLANE_SHARE * len(voxels.points):
            break
        left = np.delete(left, inside)
    clusters = np.asarray(voxels.select_by_index(left).cluster_dbscan(NEAR_M, NEAR_VOXELS))
    of_voxel = np.zeros(len(voxels.points), dtype=np.uint32)
    of_voxel[left] = clusters + 1
    of_point = np.zeros(len(points), dtype=np.uint32)
    for voxel in np.flatnonzero(of_voxel):
        of_point[np.asarray(points_of_voxel[voxel])] = of_voxel[voxel]
    small = np.bincount(of_point) < LEAST_POINTS
    of_point[small[of_point]] = 0
    return of_point


def main():
    if sys.argv[1] == "--time":
        points = np.asarray(open3d.io.read_point_cloud(sys.argv[2]).points)
        began = time.perf_counter()
        found = labels_of(points).max()
        print(f"{len(points)} points, {found} clusters, {time.perf_counter() - began:.2f} s")
        return
    suite, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for scan in sorted(suite.glob("*/scan.ply")):
        points = np.asarray(open3d.io.read_point_cloud(str(scan)).points)
        labels_of(points).astype("<u4").tofile(out / f"{scan.parent.name}.labels")
        print(scan.parent.name, file=sys.stderr)


main()
