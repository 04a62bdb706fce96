// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

const cancelMixStreamType = "tencentcss_cancel_mix_stream"

// actionServer is the part of the protocol that actions are driven by.
func actionServer(t *testing.T, server tfprotov6.ProviderServer) tfprotov6.ActionServer {
	t.Helper()
	actions, ok := server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the provider serves no actions")
	}
	return actions
}

func cancelConfig(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer, values map[string]cty.Value) *tfprotov6.DynamicValue {
	t.Helper()
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || resp.ActionSchemas[cancelMixStreamType] == nil {
		t.Fatalf("there is no action %s: %v", cancelMixStreamType, err)
	}
	return config(t, resp.ActionSchemas[cancelMixStreamType].Schema, values)
}

// invokeCancel plans and invokes the action, and returns what it told on the way and how it ended.
func invokeCancel(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer, values map[string]cty.Value) (progress []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	actions, config := actionServer(t, server), cancelConfig(ctx, t, server, values)
	plan, err := actions.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: cancelMixStreamType, Config: config})
	if err != nil || len(plan.Diagnostics) > 0 {
		t.Fatalf("plan: %v\n%s", err, prose(plan.Diagnostics))
	}
	stream, err := actions.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: cancelMixStreamType, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	completed := 0
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed++
			diags = event.Diagnostics
		}
	}
	if completed != 1 {
		t.Errorf("completed %d times", completed)
	}
	return progress, diags
}

// startMix starts the session room, with inputs that push since long, as this process or as another one.
func startMix(t *testing.T, sim *livesim.Server, client *liveapi.Client) {
	t.Helper()
	for _, name := range []string{"host", "guest"} {
		sim.Publish(name, livesim.LongSince())
	}
	session, output, host, guest := "room", "show", "host", "guest"
	one, two := int64(1), int64(2)
	_, err := client.ApplyMixStream(t.Context(), liveapi.MixStream{
		MixStreamSessionId: &session,
		InputStreamList: []*liveapi.MixInput{
			{InputStreamName: &host, LayoutParams: &liveapi.MixLayout{ImageLayer: &one}},
			{InputStreamName: &guest, LayoutParams: &liveapi.MixLayout{ImageLayer: &two}},
		},
		OutputParams: &liveapi.MixOutput{OutputStreamName: &output, OutputStreamType: &one},
	}, liveapi.Apply{Last: liveapi.NewLastApply()})
	if err != nil {
		t.Fatal(err)
	}
}

func cancelRoom(more map[string]cty.Value) map[string]cty.Value {
	values := map[string]cty.Value{"mix_stream_session_id": cty.StringVal("room")}
	for name, v := range more {
		values[name] = v
	}
	return values
}

func expectProgress(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("progress:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const waitingFor5s = "waiting 5s: a session may be cancelled 5s after its last change at the earliest"

func TestCancelMixStreamInvoke(t *testing.T) {
	t.Parallel()
	oops := &livesim.APIError{Code: "InternalError", Message: "oops"}
	tests := map[string]struct {
		before   func(t *testing.T, sim *livesim.Server, own *liveapi.Client)
		progress []string
		calls    int
	}{
		"a session of this process": {
			before:   startMix,
			progress: []string{"cancelling session room", waitingFor5s, "session room is cancelled"},
			calls:    1,
		},
		"a stray session": {
			before: func(t *testing.T, sim *livesim.Server, _ *liveapi.Client) {
				t.Helper()
				_, other := newWired(t, inProcess{sim})
				startMix(t, sim, other)
				time.Sleep(time.Hour)
			},
			progress: []string{"cancelling session room", "session room is cancelled"},
			calls:    1,
		},
		"a session that is gone": {
			before:   func(*testing.T, *livesim.Server, *liveapi.Client) { time.Sleep(time.Hour) },
			progress: []string{"cancelling session room", "session room no longer exists"},
			calls:    1,
		},
		"an API that fails": {
			before: func(t *testing.T, sim *livesim.Server, own *liveapi.Client) {
				t.Helper()
				startMix(t, sim, own)
				time.Sleep(time.Hour)
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Error: oops})
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Status: 502})
			},
			progress: []string{
				"cancelling session room", "attempt 1 failed with InternalError, trying again",
				"attempt 2 failed with ClientError.HttpStatusCodeError, trying again", "session room is cancelled",
			},
			calls: 3,
		},
		"an answer that is lost": {
			before: func(t *testing.T, sim *livesim.Server, own *liveapi.Client) {
				t.Helper()
				startMix(t, sim, own)
				time.Sleep(time.Hour)
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Error: oops, After: true})
			},
			progress: []string{"cancelling session room", "attempt 1 failed with InternalError, trying again", "session room is cancelled"},
			calls:    2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := quietSim(t)
				server, own := newWired(t, inProcess{sim})
				tt.before(t, sim, own)
				progress, diags := invokeCancel(t.Context(), t, server, cancelRoom(nil))
				expectProse(t, diags)
				expectProgress(t, progress, tt.progress...)
				if ids := sessionIDs(sim); ids != "" {
					t.Errorf("sessions that still live: %s", ids)
				}
				if v := sim.Violations(); len(v) > 0 {
					t.Errorf("too soon: %+v", v)
				}
				if n := len(sim.RequestsOf(livesim.ActionCancel)); n != tt.calls {
					t.Errorf("%d calls, want %d", n, tt.calls)
				}
			})
		})
	}
}

func TestCancelMixStreamInvokeFailing(t *testing.T) {
	t.Parallel()
	inTwoSeconds := map[string]cty.Value{"timeout": cty.StringVal("2s")}
	const failed, consequence = "Error: Unable to cancel mix stream", `The session "room" may still run, and is billed while it does. Invoke the action again.`
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			sim := quietSim(t)
			server, own := newWired(t, inProcess{sim})
			startMix(t, sim, own)
			time.Sleep(time.Hour)
			sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Error: &livesim.APIError{Code: "ResourceNotFound.StopService", Message: "stopped"}})
			progress, diags := invokeCancel(t.Context(), t, server, cancelRoom(nil))
			expectProse(t, diags, failed, "Top the account up", consequence, "Code:      ResourceNotFound.StopService",
				"RequestId: "+sim.RequestsOf(livesim.ActionCancel)[0].RequestID, "Attempts:  1")
			expectProgress(t, progress, "cancelling session room")
			if ids := sessionIDs(sim); ids != "room" {
				t.Errorf("sessions: %q", ids)
			}
		})
	})
	t.Run("timeout shorter than the pacing, cancelled too soon", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			sim := quietSim(t)
			server, own := newWired(t, inProcess{sim})
			startMix(t, sim, own)
			_, diags := invokeCancel(t.Context(), t, server, cancelRoom(inTwoSeconds))
			expectProse(t, diags, failed, "only 1.5s have passed", consequence)
		})
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		for name, tt := range map[string]struct {
			more map[string]cty.Value
			want time.Duration
			text string
		}{
			"by default":       {want: 2 * time.Minute, text: "Attempts:  4"}, // Four attempts of 30 seconds end before 5 minutes do.
			"within a timeout": {more: inTwoSeconds, want: 2 * time.Second, text: "The invoke timeout of 2s ran out"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					server, _ := newWired(t, noAnswer)
					time.Sleep(time.Hour)
					start := time.Now()
					_, diags := invokeCancel(t.Context(), t, server, cancelRoom(tt.more))
					expectProse(t, diags, failed, tt.text, consequence)
					// The backoff between the attempts is by chance.
					if took := time.Since(start); took < tt.want || took > tt.want+10*time.Second {
						t.Errorf("took %s, want %s", took, tt.want)
					}
				})
			})
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server, _ := newWired(t, noAnswer)
			time.Sleep(time.Hour)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, diags := invokeCancel(ctx, t, server, cancelRoom(nil))
			expectProse(t, diags, failed, "The operation was interrupted", consequence)
		})
	})
	t.Run("provider not configured", func(t *testing.T) {
		t.Parallel()
		progress, diags := invokeCancel(t.Context(), t, newServer(New("test")()), cancelRoom(nil))
		expectProse(t, diags, "Error: The provider is not configured", "Apply what yields that value first")
		expectProgress(t, progress)
	})
}

// A session ID that turns out to be none when the action is invoked cancels nothing: Tencent is not asked at all.
func TestCancelMixStreamInvokeWithoutSession(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values map[string]cty.Value
		want   []string
	}{
		"empty":         {map[string]cty.Value{"mix_stream_session_id": cty.StringVal("")}, []string{"Error: Invalid value", "mix_stream_session_id must be", `got "". Nothing was cancelled.`}},
		"not a name":    {map[string]cty.Value{"mix_stream_session_id": cty.StringVal("room-1")}, []string{`got "room-1". Nothing was cancelled.`}},
		"null":          {map[string]cty.Value{}, []string{`got "". Nothing was cancelled.`}},
		"unknown":       {map[string]cty.Value{"mix_stream_session_id": cty.UnknownVal(cty.String)}, []string{"Error: Session ID is not known", "mix_stream_session_id is not known yet"}},
		"wrong timeout": {cancelRoom(map[string]cty.Value{"timeout": cty.StringVal("5")}), []string{`timeout must be a duration longer than 0s, such as "90s" or "5m"; got "5", which has no unit.`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := quietSim(t)
			server, _ := newWired(t, inProcess{sim})
			progress, diags := invokeCancel(t.Context(), t, server, tt.values)
			expectProse(t, diags, tt.want...)
			expectProgress(t, progress)
			if n := len(sim.Requests()); n > 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A Terraform that has gone takes no more messages. Invoke ends all the same.
func TestCancelMixStreamProgressUnheard(t *testing.T) {
	t.Parallel()
	sim := quietSim(t)
	_, client := newWired(t, inProcess{sim})
	var schema action.SchemaResponse
	cancelling := &cancelMixStreamAction{data: &providerData{client: client}}
	cancelling.Schema(t.Context(), action.SchemaRequest{}, &schema)
	object := schema.Schema.Type().TerraformType(t.Context())
	raw, err := wireValue(cty.ObjectVal(cancelRoom(nil)), object)
	if err != nil {
		t.Fatal(err)
	}

	ctx, gone := context.WithCancel(t.Context())
	unheard, over := make(chan struct{}), make(chan struct{})
	defer close(over)
	sends := 0
	resp := action.InvokeResponse{SendProgress: func(action.InvokeProgressEvent) {
		sends++
		close(unheard)
		<-over
	}}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cancelling.Invoke(ctx, action.InvokeRequest{Config: tfsdk.Config{Raw: raw, Schema: schema.Schema}}, &resp)
	}()
	<-unheard
	gone()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the action waits for a Terraform that has gone")
	}
	if !resp.Diagnostics.HasError() || sends != 1 {
		t.Errorf("%d messages, %v", sends, resp.Diagnostics)
	}
}

func TestCancelMixStreamValidates(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values map[string]cty.Value
		want   []string
	}{
		"session ID alone":   {values: cancelRoom(nil)},
		"with a timeout":     {values: cancelRoom(map[string]cty.Value{"timeout": cty.StringVal("90s")})},
		"unknown session ID": {values: map[string]cty.Value{"mix_stream_session_id": cty.UnknownVal(cty.String)}},
		"unknown timeout":    {values: cancelRoom(map[string]cty.Value{"timeout": cty.UnknownVal(cty.String)})},
		"wrong session ID":   {values: map[string]cty.Value{"mix_stream_session_id": cty.StringVal("room-1")}, want: []string{"at mix_stream_session_id", nameRule}},
		"empty session ID":   {values: map[string]cty.Value{"mix_stream_session_id": cty.StringVal("")}, want: []string{"at mix_stream_session_id"}},
		"not a duration":     {values: cancelRoom(map[string]cty.Value{"timeout": cty.StringVal("soon")}), want: []string{"at timeout", `timeout must be a duration longer than 0s, such as "90s" or "5m"; got "soon".`}},
		"no time":            {values: cancelRoom(map[string]cty.Value{"timeout": cty.StringVal("0s")}), want: []string{"Invalid value", "at timeout", `timeout must be a duration longer than 0s, such as "90s" or "5m"; got "0s".`}},
		"negative time":      {values: cancelRoom(map[string]cty.Value{"timeout": cty.StringVal("-1m")}), want: []string{"Invalid value", `"-1m"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(New("test")())
			resp, err := actionServer(t, server).ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{
				ActionType: cancelMixStreamType, Config: cancelConfig(t.Context(), t, server, tt.values),
			})
			if err != nil {
				t.Fatal(err)
			}
			expectProse(t, resp.Diagnostics, tt.want...)
		})
	}
}
