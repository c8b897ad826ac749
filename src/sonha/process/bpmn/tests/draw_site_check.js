// Draws «Kiểm tra thực địa» with the commands of the bpmn-js modeler, as a person would with the mouse, and returns the saved XML.
async () => {
  const modeler = window.modeler;
  await modeler.createDiagram();
  const [canvas, modeling, factory, registry, moddle] = ['canvas', 'modeling', 'elementFactory', 'elementRegistry', 'moddle'].map((name) =>
    modeler.get(name)
  );
  const name = (element, text) => modeling.updateProperties(element, { name: text });

  // a pool around the start event, with four lanes
  const pool = factory.createParticipantShape({ type: 'bpmn:Participant' });
  modeling.createShape(pool, { x: 900, y: 400 }, canvas.getRootElement());
  modeling.resizeShape(pool, { x: 100, y: 40, width: 1900, height: 720 });
  name(pool, 'Kiểm tra thực địa');
  modeling.splitLane(pool, 4);
  const lanes = registry.filter((each) => each.type === 'bpmn:Lane').sort((one, other) => one.y - other.y);
  ['Bộ phận một cửa', 'Chuyên viên', 'Trưởng phòng', 'Lãnh đạo Sở'].forEach((title, index) => name(lanes[index], title));
  const row = lanes.map((lane) => lane.y + lane.height / 2);

  const add = (type, title, x, lane, more = {}) => {
    const shape = modeling.createShape({ type: `bpmn:${type}`, ...more }, { x, y: row[lane] }, pool);
    if (title) name(shape, title);
    return shape;
  };
  const connect = (source, target, title, condition) => {
    const flow = modeling.connect(source, target);
    if (title) name(flow, title);
    if (condition) {
      const conditionExpression = moddle.create('bpmn:FormalExpression', { body: condition });
      modeling.updateProperties(flow, { conditionExpression });
    }
    return flow;
  };

  const start = registry.find((each) => each.type === 'bpmn:StartEvent');
  modeling.moveElements([start], { x: 190 - (start.x + 18), y: row[0] - (start.y + 18) });
  name(start, 'Có đề nghị');
  const receive = add('UserTask', 'Tiếp nhận đề nghị', 310, 0);
  const small = add('ExclusiveGateway', 'Diện tích lớn?', 450, 1);
  const fork = add('ParallelGateway', '', 560, 1);
  const measure = add('UserTask', 'Đo đạc tại chỗ', 700, 1);
  const ask = add('UserTask', 'Lấy ý kiến các hộ liền kề', 700, 2);
  const join = add('ParallelGateway', '', 850, 1);
  const group = modeling.createShape({ type: 'bpmn:SubProcess', isExpanded: true }, { x: 1120, y: row[1] }, pool);
  name(group, 'Lập biên bản');
  modeling.resizeShape(group, { x: 930, y: row[1] - 80, width: 400, height: 150 });
  const inside = (type, title, x) => {
    const shape = modeling.createShape({ type: `bpmn:${type}` }, { x, y: row[1] }, group);
    if (title) name(shape, title);
    return shape;
  };
  const [begin, write, read, finish] = [
    inside('StartEvent', '', 965), inside('UserTask', 'Viết biên bản', 1060), inside('UserTask', 'Đọc lại biên bản', 1190), inside('EndEvent', '', 1295),
  ];
  [[begin, write], [write, read], [read, finish]].forEach(([one, other]) => connect(one, other));
  const verdict = add('ExclusiveGateway', 'Đạt?', 1400, 2);
  const sign = add('UserTask', 'Ký thông báo kết quả', 1560, 3);
  const yes = add('EndEvent', 'Đã trả kết quả', 1750, 3);
  const no = add('EndEvent', 'Từ chối', 1560, 2);
  const quick = add('UserTask', 'Kiểm tra trên hồ sơ', 700, 3);

  // a clock on the measuring that does not interrupt it, and one on the neighbours that does
  const clock = (host, duration, cancelActivity, x) => {
    const event = modeling.createShape(
      { type: 'bpmn:BoundaryEvent', eventDefinitionType: 'bpmn:TimerEventDefinition', cancelActivity }, { x, y: host.y + host.height }, host,
      { attach: true }
    );
    const timeDuration = moddle.create('bpmn:FormalExpression', { body: duration });
    modeling.updateModdleProperties(event, event.businessObject.eventDefinitions[0], { timeDuration });
    return event;
  };
  clock(measure, 'P5D', false, measure.x + 20);
  const silent = clock(ask, 'P3D', true, ask.x + 80);

  connect(start, receive);
  connect(receive, small);
  connect(small, fork, 'Có', '${area > 500}');
  const otherwise = connect(small, quick, 'Không');
  modeling.updateProperties(small, { default: otherwise.businessObject });
  connect(fork, measure);
  connect(fork, ask);
  connect(measure, join);
  connect(ask, join, 'Đã có ý kiến');
  name(connect(silent, join), 'Không trả lời');
  connect(join, group);
  connect(group, verdict);
  connect(quick, verdict);
  connect(verdict, sign, 'Đạt', "${result == 'pass'}");
  const failed = connect(verdict, no, 'Không đạt');
  modeling.updateProperties(verdict, { default: failed.businessObject });
  connect(sign, yes);
  return (await modeler.saveXML({ format: true })).xml;
}
