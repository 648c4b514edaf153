/* SPDX-License-Identifier: MIT */
/* The whole public interface of libdeepmirgene. */
#ifndef DMG_DEEPMIRGENE_H
#define DMG_DEEPMIRGENE_H

#include "deepmirgene/architecture.h"
#include "deepmirgene/baseline.h"
#include "deepmirgene/calibration.h"
#include "deepmirgene/classify.h"
#include "deepmirgene/cpu.h"
#include "deepmirgene/crossval.h"
#include "deepmirgene/dataset_check.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/explain.h"
#include "deepmirgene/features.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/hairpins.h"
#include "deepmirgene/homology.h"
#include "deepmirgene/html_report.h"
#include "deepmirgene/mature.h"
#include "deepmirgene/metrics.h"
#include "deepmirgene/model.h"
#include "deepmirgene/output.h"
#include "deepmirgene/pairing.h"
#include "deepmirgene/partition.h"
#include "deepmirgene/report.h"
#include "deepmirgene/scan.h"
#include "deepmirgene/seqio.h"
#include "deepmirgene/status.h"
#include "deepmirgene/train.h"
#include "deepmirgene/version.h"

#endif
